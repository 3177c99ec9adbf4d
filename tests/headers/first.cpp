// One of two translation units that include everything: linking them finds what is defined twice.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

int second();

int main() {
    return second();
}
