// The network frozen in eight bits.
// SPDX-License-Identifier: BSL-1.0
#include "values.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::quantize<values::values>();
VARIANT(net)
