// A stage that declares a grade and has no right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/parametrize/stage_grade.hpp>
#include <paramorph/parametrize/tensor.hpp>

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
pm::tensor<pm::shape<4, 4>, pm::chain<stage>> weight;
