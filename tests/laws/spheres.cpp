// The laws of rows of a length and of frames of subspaces: sphere, ball, grassmannian.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/param/ball.hpp"
#include "paramorph/param/grassmannian.hpp"
#include "paramorph/param/sphere.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using pm::param::sphere, pm::param::ball, pm::param::grassmannian, pm::param::orthogonal_map;
using pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: sphere, ball") {
    CHECK(pm::laws<sphere<2>, pm::shape<2, 3>>::check() == "");
    CHECK(density_laws<ball<2>, pm::shape<2, 3>>::check() == "");
    CHECK(density_laws<ball<0.25>, pm::shape<1>>::check() == "");
    CHECK(density_laws<ball<2>, pm::shape<2, 3>, float>::kernels() == "");
}
TEST_CASE("sphere: a row without a direction is refused in its own words") {
    using law = test::interpreted<sphere<2>, pm::shape<1, 2>>;
    CHECK(law::inverse({0, 0}).status.failed ==
          std::string("sphere: a row of the original is zero or not finite, and has no direction"));
}
TEST_CASE("laws: grassmannian") {
    CHECK(pm::laws<grassmannian<>, pm::shape<4, 2>>::check() == "");
    CHECK(pm::laws<grassmannian<orthogonal_map::matrix_exp>, pm::shape<2, 3>>::gradient() == "");
    CHECK(pm::laws<grassmannian<orthogonal_map::cayley>, pm::shape<3, 1>>::round_trip() == "");
}
TEST_CASE("ball: over the whole domain values stay in it, and log_abs_det is what it is") {
    using law = density_laws<ball<3>, pm::shape<2>>;
    for (int k = -300; k <= 299; ++k) {
        double const a = (k % 2 ? 1 : -1) * std::pow(10.0, k);
        auto const r = law::at({a, -0.75 * a});
        double const length = 1.25 * std::abs(a),
                     outside = length > 1e9 ? 2 * std::log(length) : std::log1p(length * length);
        INFO(a << ": " << r.outputs[0][0] << ", " << r.outputs[1][0]);
        CHECK(pm::contains<pm::set::ball<3>>(r.outputs[0].data(), {1, {2}}, 1e-15));
        CHECK(std::abs(r.outputs[0][1] / r.outputs[0][0] + 0.75) < 1e-15);
        CHECK(std::abs(r.outputs[1][0] - (2 * std::log(3.0) - 2 * outside)) <= 1e-12 * std::fmax(1, outside));
        for (int g : {2, 3})
            for (double const e : r.outputs[static_cast<std::size_t>(g)]) CHECK(std::isfinite(e));
        if (k > 2) continue;
        auto const again = law::original_of(r.outputs[0]);
        REQUIRE(again.status.ok());
        CHECK(std::abs(again.outputs[0][0] - a) <= 1e-9 * std::abs(a));
    }
    double const inf = std::numeric_limits<double>::infinity();
    CHECK(law::at({0, 0}).outputs[0] == numbers{0, 0});
    CHECK(law::at({0, 0}).outputs[3] == numbers{3, 3});
    CHECK(test::apart(law::at({-inf, 0}).outputs[0], {-3, 0}) < 1e-15);
    CHECK(std::isnan(law::at({std::nan(""), 0}).outputs[0][0]));
    CHECK(law::original_of({3, 0}).status.failed ==
          std::string("ball: every row assigned must be shorter than the radius"));
    CHECK(law::original_of({0, 0}).outputs[0] == numbers{0, 0});
}
TEST_CASE("ball: the gradient of a long row lies across it") {
    // Of s (3, 4), long, y is 2 (3, 4) / 5, and the gradient of y_0 is (1 - 9 / 25, -12 / 25) 2 / (5 s).
    auto const step = pm::value_and_grad([](auto x) { return pm::sum(pm::slice<0, 0, 1>(ball<2>::forward(x))); });
    for (float const size : {1e7F, 1e15F, 1e19F, 1e22F, 1e25F, 1e29F}) {
        auto const g = step(xt::xtensor_fixed<float, xt::xshape<2>>{3 * size, 4 * size}).gradient;
        INFO(size << ": " << g(0) << ", " << g(1));
        CHECK(std::abs(g(0) * size - 0.256F) < 1e-6F);
        CHECK(std::abs(g(1) * size + 0.192F) < 1e-6F);
    }
}
TEST_CASE("sphere: any rows are projected, a row of zeros is refused") {
    using law = test::interpreted<sphere<10>, pm::shape<2, 2>>;
    for (double const scale : {1e-300, 1e-30, 1.0, 1e30, 1e300})
        CHECK(test::apart(law::again({3 * scale, 4 * scale, 0, -scale}).outputs[0], {6, 8, 0, -10}) < 1e-15);
    CHECK_FALSE(law::inverse({0, 0, 1, 0}).status.ok());
    using tensor = pm::tensor<pm::shape<2>, pm::chain<sphere<10>>>;
    using row = xt::xtensor_fixed<float, xt::xshape<2>>;
    tensor w;
    CHECK_FALSE(w.try_assign(row{1, 0}).ok());
    w = pm::nearest(row{3, 4});
    CHECK((w() == row{6, 8}));
}
TEST_CASE("grassmannian: numbers that orthogonal reads turn nothing within the subspace") {
    using law = test::interpreted<grassmannian<>, pm::shape<3, 2>>;
    auto const state = law::inverse({1, 0, 0, 1, 0, 0}).outputs;
    auto const at = [&](numbers const& x) { return law::value({x, state[1], state[2]}).outputs[0]; };
    CHECK(at({5, 6, 7, 8, 0, 0}) == at({0, 0, 0, 0, 0, 0}));
    CHECK(at({0, 0, 0, 0, 0.5, 0}) != at({0, 0, 0, 0, 0, 0}));
}
TEST_CASE("balls and spheres: sets") {
    using namespace pm::set;
    static_assert(pm::subset<pm::set::ball<1>, pm::set::ball<2>> && !pm::subset<pm::set::ball<2>, pm::set::ball<1>>);
    static_assert(pm::subset<pm::set::sphere<2>, pm::set::ball<2>> &&
                  !pm::subset<pm::set::ball<2>, pm::set::sphere<2>>);
    static_assert(pm::subset<unit_rows, pm::set::sphere<1>> && pm::subset<pm::set::sphere<1>, unit_rows>);
    static_assert(pm::subset<unit_rows, pm::set::ball<1>> && !pm::subset<unit_rows, pm::set::ball<0.5>>);
    double const huge[]{3e307, 4e307};
    CHECK(pm::contains<pm::set::sphere<5e307>>(huge, {1, {2}}, 1e293));  // absolute
    CHECK_FALSE(pm::contains<pm::set::ball<0.5>>(huge, {1, {2}}, 1e-15));
    double const tiny[]{3e-300, 4e-300};
    CHECK(pm::contains<pm::set::sphere<5e-300>>(tiny, {1, {2}}, 1e-15));
    CHECK_FALSE(pm::contains<pm::set::sphere<6e-300>>(tiny, {1, {2}}, 1e-9));
}
