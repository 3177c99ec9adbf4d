// The network frozen in eight bits, rows at fixed scales.
// SPDX-License-Identifier: BSL-1.0
#include "ranges.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::quantize<values::values, values::ranges>();
VARIANT(net)
