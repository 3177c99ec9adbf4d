// A stage whose grade is a flag.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/parametrize/stage_grade.hpp>
#include <paramorph/parametrize/tensor.hpp>

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
pm::tensor<pm::shape<4, 4>, pm::chain<stage>> weight;
