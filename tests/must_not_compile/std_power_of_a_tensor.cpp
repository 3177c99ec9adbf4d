// A function of the standard library on a tensor and a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x *
               std::pow(
                   x,
                   2);  // error: a traced tensor is not a number while compiling, so no std:: function takes it: write the pm:: function, as pm::exp(x)
#else
        return x * pm::pow(x, 2);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
