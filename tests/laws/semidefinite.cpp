// The laws of what is made of eigenvalues: positive_definite, positive_semidefinite, positive_semidefinite_fixed_rank.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/positive_semidefinite.hpp"

namespace pm = paramorph;
using pm::param::positive_definite, pm::param::positive_semidefinite, pm::param::positive_semidefinite_fixed_rank;
using pm::testing::arrays, pm::testing::numbers;

namespace {

template <class P, class Shape>
void expect_laws() {
    using laws = pm::laws<P, Shape>;
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        CHECK(laws::codomain(seed) == "");
        CHECK(laws::gradient(seed) == "");
        CHECK(laws::round_trip(seed) == "");
    }
}

}  // namespace

TEST_CASE("laws: positive_semidefinite") {
    CHECK(pm::laws<positive_semidefinite<2>, pm::shape<4, 4>>::check() == "");
}
TEST_CASE("laws: of eigenvalues, of one and of all") {
    expect_laws<positive_semidefinite<>, pm::shape<3, 3>>();
    expect_laws<positive_semidefinite_fixed_rank<1>, pm::shape<3, 3>>();
    expect_laws<positive_definite, pm::shape<1, 1>>();
}
TEST_CASE("of eigenvalues: where they repeat, are zero, tiny or huge, values come back and gradients are finite") {
    auto const check = [](auto law, numbers const& y) {
        using p = decltype(law);
        auto const x = p::inverse(y);
        INFO((x.status.ok() ? "" : x.status.failed));
        REQUIRE(x.status.ok());
        numbers const made = p::value(x.outputs).outputs[0];
        // softplus(s) of an eigenvalue of 1e-300 is exp(-690.8).
        CHECK(test::apart(made, y) <= (y[0] > 0 && y[0] < 1e-6 ? 3e-13 : 1e-14));
        CHECK((made[1] == made[3] && made[2] == made[6] && made[5] == made[7]));
        auto const slopes = p::gradient({x.outputs[0], numbers(9, 1)});
        for (double const e : slopes.outputs[0]) CHECK(std::isfinite(e));
    };
    using definite = test::interpreted<positive_definite, pm::shape<3, 3>>;
    using any = test::interpreted<positive_semidefinite<>, pm::shape<3, 3>>;
    using low = test::interpreted<positive_semidefinite<2>, pm::shape<3, 3>>;
    using fixed = test::interpreted<positive_semidefinite_fixed_rank<2>, pm::shape<3, 3>>;
    for (double const s : {1e-300, 1e-30, 1.0, 1e30, 1e300}) {
        INFO(s);
        check(definite{}, {s, 0, 0, 0, s, 0, 0, 0, s});
        check(definite{}, {s, 0, 0, 0, s * 1e-20, 0, 0, 0, s});
        check(definite{}, {2 * s, s, 0, s, 2 * s, s, 0, s, 2 * s});
        check(any{}, {s, s, s, s, s, s, s, s, s});
        check(low{}, {0, 0, 0, 0, s, 0, 0, 0, s});
        check(fixed{}, {s, 0, s, 0, s, 0, s, 0, s});
    }
    check(any{}, numbers(9, 0));
    check(low{}, numbers(9, 0));
}
TEST_CASE("positive_semidefinite: an eigenvalue of zero has a slope, and can grow") {
    using low = test::interpreted<positive_semidefinite<1>, pm::shape<2, 2>>;
    auto const x = low::inverse({0, 0, 0, 0}).outputs;
    CHECK(low::gradient({x[0], {1, 0, 0, 1}}).outputs[0][0] == 1);
}
TEST_CASE("of eigenvalues: what is outside is refused, or projected to the nearest") {
        using low = test::interpreted<positive_semidefinite<1>, pm::shape<2, 2>>;
        CHECK(test::apart(low::again({3, 0, 0, 2}).outputs[0], {3, 0, 0, 0}) < 1e-15);
        CHECK(test::apart(low::again({0, 3, 1, 0}).outputs[0], {1, 1, 1, 1}) < 1e-15);  // of the symmetric part
        using any = pm::tensor<pm::shape<2, 2>, pm::chain<positive_semidefinite<>>>;
        using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
        any w;
        CHECK_FALSE(w.try_assign(matrix{{1, 0}, {0, -1}}).ok());
        CHECK_FALSE(w.try_assign(matrix{{1, 1}, {0, 1}}).ok());
        w.project(matrix{{1, 0}, {0, -1}});
        CHECK((w() == matrix{{1, 0}, {0, 0}}));
        w = pm::nearest(matrix{{0, 2}, {2, 0}});
        CHECK(std::abs(w()(0, 1) - 1) < 1e-6f);
        CHECK(test::interpreted<positive_definite, pm::shape<2, 2>>::inverse({1, 1, 1, 1 - 1e-9}).status.failed ==
              std::string("positive_definite: the matrix assigned has an eigenvalue that is not greater than zero"));
        for (numbers const& y : {numbers{1, 1, 1, 1}, {1, 0, 0, -1}, {0, 0, 0, 0}})
            CHECK(test::interpreted<positive_semidefinite_fixed_rank<2>, pm::shape<2, 2>>::inverse(y).status.failed ==
                  std::string(
                      "positive_semidefinite_fixed_rank: the matrix assigned has a lower rank, or is not positive "
                      "semidefinite"));
}
