// A forward that forgets to return.
// behaviour-22
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-22
#include <paramorph/op/exp.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    static constexpr void forward(auto x) { pm::exp(x); }
#else
    static constexpr auto forward(auto x) { return pm::exp(x); }
#endif
};
using value =
    pm::program::value_of<stage, pm::shape<4, 3>>;  // error: parametrization: forward must return one traced tensor
static_assert(value::build().size > 0);
