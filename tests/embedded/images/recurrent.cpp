// The recurrent network, frozen on the host.
// SPDX-License-Identifier: BSL-1.0
#include "recurrent.hpp"

#include "variant.hpp"

VARIANT(recurrent::network)
