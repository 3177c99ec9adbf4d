// A power whose exponent is a tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::pow(x, x);  // error: pow: the exponent must be a number: write pm::exp(y * pm::log(x))
#else
        return pm::pow(x, 2);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
