// A number given as an original.
// behaviour-20
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/reduce.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct scaled {
    static constexpr auto forward(auto x, auto s) { return x * s; }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto y) {
        return pm::originals(y, 1.0f);
    }  // error: originals: every original must be a traced tensor
#else
    static constexpr auto right_inverse(auto y) { return pm::originals(y / pm::max(y), pm::max(y)); }
#endif
};
using back = pm::program::right_inverse_of<scaled, pm::shape<3>>;
static_assert(back::build().size > 0);
