// A stage whose forward cannot be evaluated while compiling.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#ifdef MISTAKE
    static auto forward(auto x) { return pm::exp(x); }
#else
    static constexpr auto forward(auto x) { return pm::exp(x); }
#endif
};
// error: parametrization: forward of stage cannot be evaluated while compiling
pm::nn::linear<4, 4, pm::weight<stage>> layer{pm::seed{0}};
