// A stage with several originals that is not the first of its chain.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-25
#include <paramorph/op/divide.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/op/reduce.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct scaled {
    static constexpr auto forward(auto x, auto s) { return x * s; }
    static constexpr auto right_inverse(auto y) { return pm::originals(y / pm::max(y), pm::max(y)); }
};
struct positive {
    static constexpr auto forward(auto x) { return pm::exp(x); }
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
};
#ifdef MISTAKE
using both =
    pm::chain<positive, scaled>;  // error: parametrization: only the first stage of a chain may have several originals
#else
using both = pm::chain<scaled, positive>;
#endif
using back = pm::program::right_inverse_of<both, pm::shape<3>>;
static_assert(back::build().size > 0);
