// The laws of what is made of singular values: fixed_rank, almost_orthogonal, invertible, special_linear.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/param/almost_orthogonal.hpp"
#include "paramorph/param/fixed_rank.hpp"
#include "paramorph/param/positive_determinant.hpp"

namespace pm = paramorph;
using pm::param::fixed_rank, pm::param::almost_orthogonal;
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
double determinant(numbers const& a) {
    return a[0] * a[3] - a[1] * a[2];
}

}  // namespace

TEST_CASE("laws: fixed_rank") {
    CHECK(pm::laws<fixed_rank<2>, pm::shape<4, 3>>::check() == "");
}
TEST_CASE("laws: of singular values, wide and of one row") {
    expect_laws<fixed_rank<1>, pm::shape<1, 3>>();
    expect_laws<almost_orthogonal<0.25>, pm::shape<2, 4>>();
}
TEST_CASE("laws: of a positive determinant") {
    expect_laws<pm::param::invertible, pm::shape<3, 3>>();
    expect_laws<pm::param::special_linear, pm::shape<3, 3>>();
    expect_laws<pm::param::special_linear, pm::shape<1, 1>>();
}
TEST_CASE(
    "of singular values: where they repeat, are far apart, tiny or huge, values come back and gradients are finite") {
    auto const check = [](auto law, numbers const& y, double tolerance) {
        using p = decltype(law);
        auto const x = p::inverse(y);
        INFO((x.status.ok() ? "" : x.status.failed));
        REQUIRE(x.status.ok());
        CHECK(test::apart(p::value(x.outputs).outputs[0], y) <= tolerance);
        arrays leaves = x.outputs;
        leaves.push_back(numbers(y.size(), 1));
        auto const slopes = p::gradient(leaves);
        for (double const e : slopes.outputs[0]) CHECK(std::isfinite(e));
    };
    using rank = test::interpreted<fixed_rank<2>, pm::shape<3, 3>>;
    using regular = test::interpreted<pm::param::invertible, pm::shape<3, 3>>;
    for (double const scale : {1e-300, 1e-30, 1e-8, 1.0, 1e8, 1e30, 1e300}) {
        INFO(scale);
        double const tolerance = scale < 1 ? 3e-13 : 1e-14;  // softplus(s) of 1e-300 is exp(-690.8)
        check(rank{}, {scale, 0, 0, 0, scale, 0, 0, 0, 0}, tolerance);
        check(rank{}, {0, 0, scale, 0, 0, 0, -scale, 0, 0}, tolerance);
        check(rank{}, {scale, scale * 1e-10, 0, 0, scale * 1e-10, 0, 0, 0, 0}, tolerance);
        check(regular{}, {scale, 0, 0, 0, scale, 0, 0, 0, scale}, tolerance);
        check(regular{}, {0, scale, 0, 0, 0, scale, scale, 0, 0}, tolerance);  // a permutation
        check(regular{}, {-scale, 0, 0, 0, -scale, 0, 0, 0, scale * 1e-12}, tolerance);
        check(regular{}, {scale, 0, 0, 0, 0, -scale, 0, scale, 0}, tolerance);
    }
    using almost = test::interpreted<almost_orthogonal<0.5>, pm::shape<2, 2>>;
    for (numbers const& y : {numbers{1, 0, 0, 1}, {0, -1, 1, 0}, {1, 0, 0, -1}, {1.5 - 1e-12, 0, 0, 0.5 + 1e-12}})
        check(almost{}, y, 1e-14);
}
TEST_CASE("of singular values: all originals make an element of the set") {
    pm::random source{pm::seed{3}};
    for (double const scale : {0.0, 1e-300, 1e-30, 1.0, 30.0, 1e3, 1e30, 1e300}) {
        numbers x = pm::testing::drawn(source, 9);
        for (double& e : x) e *= scale;
        INFO(scale);
        auto const a = test::interpreted<almost_orthogonal<0.5>, pm::shape<3, 3>>::value({x, {1, -1, 1}}).outputs[0];
        CHECK(pm::contains<pm::set::almost_orthogonal<0.5>>(a.data(), {2, {3, 3}}, 1e-14));
        if (scale > 100) continue;
        auto const r = test::interpreted<fixed_rank<2>, pm::shape<3, 3>>::value({x, {1, -1}}).outputs[0];
        CHECK(pm::contains<pm::set::of_rank<2>>(r.data(), {2, {3, 3}}, 1e-14));
        auto const b = test::interpreted<pm::param::invertible, pm::shape<3, 3>>::value({x, {-1, 1, -1}}).outputs[0];
        CHECK(pm::contains<pm::set::positive_determinant>(b.data(), {2, {3, 3}}, 1e-14));
        if (scale > 10) continue;
        auto const c = test::interpreted<pm::param::special_linear, pm::shape<3, 3>>::value({x, {1, 1, 1}}).outputs[0];
        CHECK(pm::contains<pm::set::special_linear>(c.data(), {2, {3, 3}}, 1e-13));
    }
    // The mean of the numbers fits, their sum does not.
    double const most = 1.5e308;
    using special = test::interpreted<pm::param::special_linear, pm::shape<3, 3>>;
    auto const d = special::value({{most, 0.5, -1, 0.25, most, 2, 1, -3, most}, {1, 1, 1}}).outputs[0];
    CHECK(pm::contains<pm::set::special_linear>(d.data(), {2, {3, 3}}, 1e-13));
    auto const g =
        special::gradient({{most, 0.5, -1, 0.25, most, 2, 1, -3, most}, {1, 1, 1}, numbers(9, 0.5)}).outputs[0];
    for (double const e : g) CHECK(std::abs(e) < 10);
}
TEST_CASE("reflections: the gradient of long columns fits where it does, in float") {
    auto const step = pm::value_and_grad([](auto x, auto c) { return pm::sum(pm::param::detail::reflected(x) * c); });
    constexpr double of[12]{0.3, -1.2, 0.7, 1.1, 0.4, -0.8, 2.1, -0.6, 0.9, -1.7, 0.2, 1.3};
    for (double const scale : {1.0, 1e9, 1e15, 1e18, 1e20}) {
        xt::xtensor_fixed<float, xt::xshape<4, 3>> x, c;
        xt::xtensor_fixed<double, xt::xshape<4, 3>> exact_x, exact_c;
        for (std::size_t i = 0; i < 12; ++i) {
            exact_x.data()[i] = x.data()[i] = static_cast<float>(scale * of[i]);
            exact_c.data()[i] = c.data()[i] = static_cast<float>(scale * of[11 - i]);
        }
        auto const ours = std::get<0>(step(x, c).gradient);
        auto const exact = std::get<0>(step(exact_x, exact_c).gradient);
        INFO(scale << ": " << ours(3, 0) << ", " << exact(3, 0));
        for (std::size_t i = 0; i < 12; ++i) CHECK(std::abs(double(ours.data()[i]) - exact.data()[i]) < 1e-5);
    }
}
TEST_CASE("special_linear: what it makes is taken back, to a condition of 1e6 in float") {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::special_linear>> t;
    t = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, 0}, {0, 1}};
    for (float const s : {0.F, 1.F, 4.F, -4.5F, 6.F, -7.F}) {
        t.original() = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{s, 0.3F}, {0.3F, -s}};
        auto const w = t();
        CHECK(t.try_assign(w).ok());
        CHECK(xt::allclose(t(), w, 0, 1e-6 * double(std::abs(w(0, 0)) + std::abs(w(1, 1)))));
    }
}

TEST_CASE("of singular values: what is outside is refused, or projected to the nearest") {
    using rank = pm::tensor<pm::shape<3, 3>, pm::chain<fixed_rank<2>>, double>;
    using matrix = xt::xtensor_fixed<double, xt::xshape<3, 3>>;
    rank w;
    CHECK_FALSE(w.try_assign(matrix{{1, 0, 0}, {0, 2, 0}, {0, 0, 3}}).ok());
    w.project(matrix{{1, 0, 0}, {0, 2, 0}, {0, 0, 3}});
    CHECK((std::abs(w()(0, 0)) < 1e-14 && std::abs(w()(1, 1) - 2) < 1e-14 && std::abs(w()(2, 2) - 3) < 1e-14));
    using refused = test::interpreted<fixed_rank<2>, pm::shape<3, 3>>;
    for (numbers const& y : {numbers{1, 1, 1, 1, 1, 1, 1, 1, 1}, numbers(9, 0), {1, 2, 3, 2, 4, 6, 3, 6, 9}})
        CHECK(refused::inverse(y).status.failed == std::string("fixed_rank: the matrix assigned has a lower rank"));
    using regular = test::interpreted<pm::param::invertible, pm::shape<2, 2>>;
    using special = test::interpreted<pm::param::special_linear, pm::shape<2, 2>>;
    for (numbers const& y : {numbers{0, 1, 1, 0}, {1, 0, 0, -1}, {1, 1, 1, 1 - 1e-9}, {0, 0, 0, 0}}) {
        CHECK(regular::inverse(y).status.failed ==
              std::string("invertible: the determinant of the matrix assigned must be positive, beyond rounding"));
        CHECK(special::inverse(y).status.failed ==
              std::string("special_linear: the determinant of the matrix assigned must be positive, beyond rounding"));
    }
    // The determinant is taken out of what is projected, whatever its scale.
    for (double const scale : {1e-200, 1.0, 1e150}) {
        numbers const y = special::again({2 * scale, scale, scale, 3 * scale}).outputs[0];
        CHECK(std::abs(determinant(y) - 1) < 1e-13);
        CHECK(std::abs(y[0] / y[1] - 2) < 1e-13);
    }
    using almost = pm::tensor<pm::shape<2, 2>, pm::chain<almost_orthogonal<0.5>>>;
    using small = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    almost a;
    CHECK_FALSE(a.try_assign(small{{3, 0}, {0, 1}}).ok());
    a.project(small{{3, 0}, {0, -0.1f}});
    CHECK((std::abs(a()(0, 0) - 1.5f) < 1e-6f && std::abs(a()(1, 1) + 0.5f) < 1e-6f));
    a = pm::nearest(small{{3, 0}, {0, -0.1f}});
    CHECK((std::abs(a()(0, 0) - 1.5f) < 1e-6f && std::abs(a()(1, 1) + 0.5f) < 1e-6f));
}
