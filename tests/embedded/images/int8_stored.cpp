// The network stored in eight bits with scales, computing in float.
// SPDX-License-Identifier: BSL-1.0
#include "values.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::stored_as<std::int8_t, values::values>();
VARIANT(net)
