// A set that forward does not land in.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/op/transpose.hpp>
#include <paramorph/op/triangle.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct mirrored {
#ifdef MISTAKE
    using codomain = pm::set::skew;
#else
    using codomain = pm::set::symmetric;
#endif
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto a) { return pm::triu(a); }
};
static_assert(pm::round_trips<
              mirrored, pm::shape<3, 3>>());  // error: round_trips: what forward makes is no element of the codomain
