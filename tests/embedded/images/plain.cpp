// The same network declared without a parametrization.
// SPDX-License-Identifier: BSL-1.0
#include "plain.hpp"
#include "variant.hpp"

VARIANT(plain::network)
