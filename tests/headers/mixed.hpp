// What the two files of a program share: numbers and pointers, no types of the library.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

struct answers {
    std::size_t tensor_bytes;
    float drawn, result[4];
    bool refused;
};
answers on_the_host();
answers on_the_target();
