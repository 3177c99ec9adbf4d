// A right_inverse that does not undo forward.
// behaviour-a
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-a
#include <paramorph/op/add.hpp>
#include <paramorph/op/transpose.hpp>
#include <paramorph/op/triangle.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct symmetric {
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto a) { return a + a; }
#else
    static constexpr auto right_inverse(auto a) { return pm::triu(a); }
#endif
};
static_assert(pm::round_trips<symmetric, pm::shape<4, 4>>());  // error: round_trips: forward(right_inverse(y)) is not y
