// A tensor, printed as networks are.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/print.hpp>

namespace pm = paramorph;

void f(pm::nn::linear<2, 2> const& net) {
#ifdef MISTAKE
    pm::print(net.weight);  // error: print: a tensor is printed by its value: write std::cout << net.weight()
#else
    pm::print(net);
#endif
}
