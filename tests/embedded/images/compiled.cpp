// The network frozen by the compiler, from what was trained.
// SPDX-License-Identifier: BSL-1.0
#include "trained.hpp"
#include "variant.hpp"

constexpr auto net = paramorph::freeze<trained::originals>();
VARIANT(net)
