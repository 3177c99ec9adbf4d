// A function of the standard library on a tensor that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return std::exp(
            x);  // error: a traced tensor is not a number while compiling, so no std:: function takes it: write the pm:: function, as pm::exp(x)
#else
        return pm::exp(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
