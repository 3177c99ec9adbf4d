// The laws of a parametrization with two originals, written as a user would.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

namespace {

struct rank_one {
    using codomain = pm::set::rank_at_most<1>;
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
    static constexpr auto right_inverse(auto z) {
        auto [u, s, vh] = pm::svd(z);
        auto const root = pm::sqrt(pm::select<0, 0>(s));
        return pm::originals(pm::select<1, 0>(u) * root, pm::select<0, 0>(vh) * root);
    }
};
static_assert(pm::round_trips<rank_one, pm::shape<3, 4>>());

}  // namespace

TEST_CASE("laws: rank one", "[behaviour-8][behaviour-26]") {
    CHECK(pm::laws<rank_one, pm::shape<3, 5>>::check() == "");
}
