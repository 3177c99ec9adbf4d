// A forward that gives another element type.
// behaviour-22
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-22
#include <paramorph/op/exp.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    static constexpr auto forward(auto x) { return pm::symbol<pm::shape<4, 3>, double>{x.traced, x.id}; }
#else
    static constexpr auto forward(auto x) { return pm::exp(x); }
#endif
};
using value =
    pm::program::value_of<stage, pm::shape<4, 3>>;  // error: parametrization: forward must not change the element type
static_assert(value::build().size > 0);
