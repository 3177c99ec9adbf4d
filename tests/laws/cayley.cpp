// The laws of the chain skew, cayley, and of cayley, which undoes itself.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

using rotation = decltype(pm::param::skew{} | pm::param::cayley{});

TEST_CASE("laws: skew then cayley is orthogonal", "[behaviour-5][behaviour-14]") {
    CHECK(pm::laws<rotation, pm::shape<5, 5>>::check() == "");
}
TEST_CASE("laws: cayley round-trips beyond what it takes, too, and its gradient is right") {
    using laws = pm::laws<pm::unsafe<pm::param::cayley>, pm::shape<3, 3>, double>;
    for (std::uint64_t seed : {1, 2, 3}) CHECK(laws::gradient(seed) == "");
    CHECK(laws::round_trip() == "");
}
