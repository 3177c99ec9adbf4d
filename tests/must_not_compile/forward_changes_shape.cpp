// A forward that gives another shape.
// behaviour-1
// behaviour-22
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-1
#include <paramorph/op/transpose.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    static constexpr auto forward(auto x) { return pm::transpose(x); }
#else
    static constexpr auto forward(auto x) { return pm::transpose(pm::transpose(x)); }
#endif
};
using value =
    pm::program::value_of<stage, pm::shape<4, 3>>;  // error: parametrization: forward must not change the shape
static_assert(value::build().size > 0);
