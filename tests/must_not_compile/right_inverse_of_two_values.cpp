// A stage whose right_inverse takes two tensors, and which has no state.
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
    static constexpr auto right_inverse(auto y, auto other) { return pm::log(y + other); }
#else
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#endif
};
// error: parametrization: right_inverse of stage takes 2 tensors, given 1 value:
pm::tensor<pm::shape<4, 4>, pm::chain<stage>> weight;
