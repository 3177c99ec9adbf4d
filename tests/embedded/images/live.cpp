// The network with its parametrization: every call computes the orthogonal weight from what was trained.
// SPDX-License-Identifier: BSL-1.0
#include "trained.hpp"
#include "variant.hpp"

VARIANT(trained::network)
