// The laws of the chain skew, cayley, and of cayley, which undoes itself.
//
// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

using rotation = decltype(pm::param::skew{} | pm::param::cayley{});

TEST_CASE("laws: skew then cayley is orthogonal", "[behaviour-5][behaviour-14]") {
    laws::expect_all<rotation, pm::shape<5, 5>>();
}
TEST_CASE("laws: cayley round-trips on what it takes, and its gradient is right") {
    for (std::uint64_t seed : {1, 2, 3}) CHECK(laws::gradient_is_right<pm::param::cayley, pm::shape<3, 3>>(seed));
    CHECK(laws::round_trips<pm::param::cayley, pm::shape<3, 3>, double>());
}
