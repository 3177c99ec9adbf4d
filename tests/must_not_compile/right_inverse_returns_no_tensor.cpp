// A right_inverse that gives a number.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-20
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return x * 2.0; }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto) { return 0.5; }
#else
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
#endif
};
pm::nn::linear<3, 3, pm::weight<stage>> layer;  // error: parametrization: right_inverse must return a traced tensor, or several as pm::originals(a, b)
