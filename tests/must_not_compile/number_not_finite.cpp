// An expression with a number that is not finite.
//
// follows(clang): what is made of the number is no constant
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct shifted {
#ifdef MISTAKE
    static constexpr auto forward(auto x) { return x + pm::math::infinity; }
#else
    static constexpr auto forward(auto x) { return x + 1.0; }
#endif
    static constexpr auto right_inverse(auto a) { return a + -1.0; }
};
static_assert(pm::round_trips<shifted, pm::shape<3>>());  // error: a_number_in_an_expression_must_be_finite
