// A right_inverse that works for what forward makes, not for everything.
// behaviour-a
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/op/transpose.hpp>
#include <paramorph/op/triangle.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct symmetric {
#ifdef MISTAKE
    static constexpr auto inverse = pm::grade::right;
#else
    static constexpr auto inverse = pm::grade::on_image;
#endif
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto a) { return pm::triu(a); }
};
static_assert(pm::round_trips<symmetric,
                              pm::shape<4, 4>>());  // error: round_trips: forward(right_inverse(y)) is not y for some y
