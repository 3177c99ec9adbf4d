// A stage whose grade is a flag.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return pm::exp(x); }
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#ifdef MISTAKE
    static constexpr auto inverse = true;
#else
    static constexpr auto inverse = pm::grade::bijective;
#endif
};
// error: parametrization: inverse of stage must be a grade
pm::nn::linear<4, 4, pm::weight<stage>> layer{pm::seed{0}};
