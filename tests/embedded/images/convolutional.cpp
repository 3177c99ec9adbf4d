// The convolutional network, frozen on the host.
// SPDX-License-Identifier: BSL-1.0
#include "convolutional.hpp"

#include "variant.hpp"

VARIANT(convolutional::network)
