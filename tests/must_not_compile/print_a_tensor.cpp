// A tensor that is printed.
//
// SPDX-License-Identifier: BSL-1.0
#include <iostream>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    std::cout << net.weight;  // error: a tensor is printed by its value: write std::cout << net.weight()
#else
    std::cout << net.weight()(0, 0);
#endif
    static_cast<void>(net);
}
