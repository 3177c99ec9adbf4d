// A vector of the standard library as a value.
//
// SPDX-License-Identifier: BSL-1.0
#include <vector>
#include <xtensor/xadapt.hpp>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    net.weight = std::vector<float>{1, 2, 3, 4};  // error: xt::adapt(v, {2, 2}) of a vector
#else
    net.weight = xt::adapt(std::vector<float>{1, 2, 3, 4}, {2, 2});
#endif
    static_cast<void>(net);
}
