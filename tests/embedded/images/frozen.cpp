// The network frozen on the host: its values are in a header.
// SPDX-License-Identifier: BSL-1.0
#include "values.hpp"
#include "variant.hpp"

VARIANT(values::network)
