// A function of the standard library on a tensor and a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        auto const y = std::pow(x, 2);  // error: a traced tensor is not a number while compiling, so no std:: function
#else
        auto const y = pm::pow(x, 2);
#endif
        return x * y;
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
