// A stage that names another stage in place of a set.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/stage_grade.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return pm::exp(x); }
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#ifdef MISTAKE
    using codomain = pm::param::positive;
#else
    using codomain = pm::set::positive;
#endif
};
// error: parametrization: the codomain of stage must be a set of tensors, and is positive
static_assert(pm::right_invertible<stage, pm::shape<4, 4>>);
