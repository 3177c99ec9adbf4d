// The network of examples/certified in eight bits.
// SPDX-License-Identifier: BSL-1.0
#include "certified.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::quantize<certified::values>();
VARIANT(net)
