// The network stored as float16, computing in float.
// SPDX-License-Identifier: BSL-1.0
#include "values.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::stored_as<paramorph::float16, values::values>();
VARIANT(net)
