// The laws of stable, hurwitz and passive.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/stable.hpp"
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/passive.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using pm::testing::numbers;

namespace {

// By the interpreter: originals make elements of the set, which come back.
template <class P, int N>
void expect_laws() {
    using law = test::interpreted<P, pm::shape<N, N>>;
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        CHECK(pm::laws<P, pm::shape<N, N>>::gradient(seed) == "");
        pm::random source{pm::seed{seed}};
        numbers const y =
            law::value({pm::testing::drawn(source, N * N), pm::testing::drawn(source, N * (N + 1) / 2)}).outputs[0];
        CHECK(pm::contains<pm::codomain_of<P>>(y.data(), {2, {N, N}}, 1e-14));
        CHECK(test::apart(law::again(y).outputs[0], y) < 1e-11);
    }
}

}  // namespace

TEST_CASE("laws: stable, hurwitz") {
    expect_laws<pm::param::stable, 3>();
    expect_laws<pm::param::hurwitz, 3>();
    expect_laws<pm::param::stable, 1>();
    // By kernels, in float.
    using laws = pm::laws<pm::param::stable, pm::shape<2, 2>>;
    CHECK((laws::kernels() == "" && laws::round_trip() == ""));
}
TEST_CASE("stable and hurwitz: matrices that are not normal, rotations, and what is outside") {
    using discrete = test::interpreted<pm::param::stable, pm::shape<2, 2>>;
    using continuous = test::interpreted<pm::param::hurwitz, pm::shape<2, 2>>;
    // A norm of 100 and eigenvalues of 0.9; a turn; nothing at all; a Jordan block near the boundary.
    for (numbers const& a : {numbers{0.9, 100, 0, -0.9}, {0, -0.99, 0.99, 0}, {0, 0, 0, 0}, {0.999, 1, 0, 0.999}}) {
        auto const y = discrete::again(a);
        INFO((y.status.ok() ? "" : y.status.failed));
        REQUIRE(y.status.ok());
        CHECK(test::apart(y.outputs[0], a) < 1e-8);
        CHECK(pm::contains<pm::set::stable>(a.data(), {2, {2, 2}}, 0));
    }
    for (double const s : {1e-200, 1e-30, 1.0, 1e30, 1e200})
        for (numbers const& b : {numbers{-1, 100, 0, -2}, {-0.01, -1, 1, -0.01}, {-1, 0, 0, -1e-3}}) {
            numbers a = b;
            for (double& e : a) e *= s;
            auto const y = continuous::again(a);
            INFO(s << (y.status.ok() ? "" : y.status.failed));
            REQUIRE(y.status.ok());
            CHECK(test::apart(y.outputs[0], a) < 1e-9);
            CHECK(pm::contains<pm::set::hurwitz>(a.data(), {2, {2, 2}}, 0));
        }
    // Its norm does not fit.
    numbers const large{-1.2e308, -1.2e308, 1.2e308, -1.2e308};
    auto const again = continuous::again(large);
    REQUIRE(again.status.ok());
    CHECK(test::apart(again.outputs[0], large) < 1e-9);
    for (numbers const& a : {numbers{1, 0, 0, 0}, {0, -1, 1, 0}, {2, 0, 0, 0.5}, {1, 1, 0, 1}, {1e200, 0, 0, 0}}) {
        CHECK_FALSE(discrete::inverse(a).status.ok());
        CHECK_FALSE(pm::contains<pm::set::stable>(a.data(), {2, {2, 2}}, 1e-3));
    }
    for (numbers const& a : {numbers{0, 0, 0, -1}, {0, -1, 1, 0}, {1, 0, 0, -1}, {0, 0, 0, 0}}) {
        CHECK_FALSE(continuous::inverse(a).status.ok());
        CHECK_FALSE(pm::contains<pm::set::hurwitz>(a.data(), {2, {2, 2}}, 1e-3));
    }
}
TEST_CASE("stable, hurwitz, passive: what is outside is told in their own words, however near") {
    using discrete = test::interpreted<pm::param::stable, pm::shape<3, 3>>;
    using continuous = test::interpreted<pm::param::hurwitz, pm::shape<3, 3>>;
    using resistive = pm::testing::density_laws<pm::param::passive, pm::shape<2, 2>>;
    auto const unstable = std::string(
        "stable: the matrix assigned has an eigenvalue on the unit circle or outside, or inside by rounding only");
    auto const growing = std::string(
        "hurwitz: the matrix assigned has an eigenvalue whose real part is not negative, or by rounding only");
    pm::random source{pm::seed{1}};
    for (int k = 0; k < 50; ++k) {
        double const a = source.uniform(-1, 1), b = source.uniform(-1, 1), c = source.uniform(-1, 1);
        // Turns; the rounding of their energy may be that of matrices within.
        CHECK(continuous::inverse({0, a, b, -a, 0, c, -b, -c, 0}).status.failed == growing);
        // Less than epsilon within.
        double const one = 1 - 2e-16;
        CHECK(discrete::inverse({one, a, b, 0, one, c, 0, 0, one}).status.failed == unstable);
    }
    CHECK(continuous::inverse({1, 0, 0, 0, 0, 0, 0, 0, 0}).status.failed == growing);
    CHECK(discrete::inverse({1, 0, 0, 0, 1, 0, 0, 0, 1}).status.failed == unstable);
    CHECK(resistive::original_of({0, 1, -1, 0}).status.failed ==
          std::string("passive: the symmetric part of the matrix assigned is not positive definite"));
    // Elsewhere the error says the set as well.
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::hurwitz>> w;
    CHECK_THROWS_WITH((w = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{0, 1}, {-1, 0}}),
                      Catch::Matchers::ContainsSubstring("Nothing was changed; the weight's set is hurwitz, which "
                                                         "demands eigenvalues with negative real parts"));
}
TEST_CASE("passive: its laws, any size, and what is outside") {
    using law = pm::testing::density_laws<pm::param::passive, pm::shape<3, 3>>;
    CHECK(law::check() == "");
    CHECK(pm::testing::density_laws<pm::param::passive, pm::shape<1, 1>>::check() == "");
    CHECK(pm::testing::density_laws<pm::param::passive, pm::shape<3, 3>, float>::kernels() == "");
    for (double const s : {1e-200, 1e-30, 1.0, 1e30, 1e200}) {
        numbers a{2, -5, 0.01, 7, 3, 100, 0, -100, 1e-3};
        for (double& e : a) e *= s;
        CHECK(pm::contains<pm::set::passive>(a.data(), {2, {3, 3}}, 0));
        auto const x = law::original_of(a);
        REQUIRE(x.status.ok());
        CHECK(test::apart(law::at(x.outputs[0]).outputs[0], a) < 1e-12);
    }
    // Eigenvalues with positive real parts do not make a matrix passive; a diagonal that is zero is the boundary.
    for (numbers const& a :
         {numbers{1, 10, 0, 0, 1, 0, 0, 0, 1}, {1, 1, 0, -1, 0, 0, 0, 0, 1}, {-1, 0, 0, 0, 1, 0, 0, 0, 1}}) {
        CHECK_FALSE(law::original_of(a).status.ok());
        CHECK_FALSE(pm::contains<pm::set::passive>(a.data(), {2, {3, 3}}, 1e-3));
    }
    static_assert(pm::subset<pm::set::spd, pm::set::passive> && pm::subset<pm::set::passive, pm::set::invertible> &&
                  !pm::subset<pm::set::passive, pm::set::spd>);
}
