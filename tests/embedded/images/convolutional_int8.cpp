// The convolutional network, frozen in eight bits.
// SPDX-License-Identifier: BSL-1.0
#include "convolutional.hpp"

#include "variant.hpp"

constexpr auto net = paramorph::quantize<convolutional::values>();
VARIANT(net)
