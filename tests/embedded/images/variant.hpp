// `infer` by a network of the library.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>

#include "network.h"

#define VARIANT(net)                                                                                  \
    static paramorph::workspace<net> space;                                                           \
    int infer(float const* x, float* y) {                                                             \
        return net(std::span<float const, 64>(x, 64), std::span<float, 10>(y, 10), space.bytes).ok(); \
    }
