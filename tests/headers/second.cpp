// The other translation unit: see first.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

int second();

int second() {
    return 0;
}
