// A right_inverse that forgets to return.
// behaviour-20
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-20
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return pm::exp(x); }
#ifdef MISTAKE
    static constexpr void right_inverse(auto y) { pm::log(y); }
#else
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#endif
};
using back =
    pm::program::right_inverse_of<stage, pm::shape<3>>;  // error: parametrization: right_inverse returns nothing
static_assert(back::build().size > 0);
