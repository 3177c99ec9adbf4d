// Lines that cortex_m4.py reads: a name and a number.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "board.hpp"

namespace board {

inline void report(char const* what, long number) {
    print(what);
    print(" ");
    print(number);
    print("\n");
}

}  // namespace board
