// A stage whose right_inverse cannot be evaluated while compiling.
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
    static auto right_inverse(auto y) { return pm::log(y); }
#else
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#endif
};
// error: parametrization: right_inverse of stage cannot be evaluated while compiling
static_assert(pm::right_invertible<stage, pm::shape<4, 4>>);
