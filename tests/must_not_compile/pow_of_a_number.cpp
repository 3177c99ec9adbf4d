// A number to the power of a tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::pow(2.0, x);  // error: pow: the exponent must be a number
#else
        return pm::exp(x * 0.6931);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
