// A stage that declares a grade and has no right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return pm::exp(x); }
#ifdef MISTAKE
    static constexpr auto inverse = pm::grade::bijective;
#else
    static constexpr auto inverse = pm::grade::none;
#endif
};
// error: parametrization: stage declares the grade of an inverse
pm::nn::linear<4, 4, pm::weight<stage>> layer{pm::seed{0}};
