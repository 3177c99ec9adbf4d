// The recurrent network, frozen in eight bits.
// SPDX-License-Identifier: BSL-1.0
#include "recurrent.hpp"

#include "variant.hpp"

constexpr auto net = paramorph::quantize<recurrent::values>();
VARIANT(net)
