// Bounds, offsets and multipliers that each element has of its own: infinite bounds are none, as in Stan, and their
// log_abs_det takes the state behind x.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/log_abs_det.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/param/interval.hpp"
#include "paramorph/param/lower.hpp"
#include "paramorph/param/offset_multiplier.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/upper.hpp"
#include "paramorph/parametrize/tensor.hpp"
#include "paramorph/testing/density_laws.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_laws, pm::testing::numbers;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
using each = interval<per_element, per_element>;
using affine = offset_multiplier<per_element, per_element>;
using four = xt::xtensor_fixed<double, xt::xshape<4>>;

constexpr auto these(auto x, double a, double b, double c, double d) {
    using pm::param::detail::filled_like;
    return pm::concatenate<0>(filled_like(pm::slice<0, 0, 1>(x), a), filled_like(pm::slice<0, 1, 2>(x), b),
                              filled_like(pm::slice<0, 2, 3>(x), c), filled_like(pm::slice<0, 3, 4>(x), d));
}
// P of [4], whose state these numbers are.
template <class P>
struct with_numbers;
template <>
struct with_numbers<each> {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto low(auto x) { return these(x, -2, -1, 0, 3); }
    static constexpr auto high(auto x) { return these(x, -1, 2, 0.5, 1e3); }
    static constexpr auto forward(auto x) { return each::forward(x, low(x), high(x)); }
    static constexpr auto right_inverse(auto y) { return each::right_inverse(y, low(y), high(y)); }
    static constexpr auto log_abs_det(auto x) { return each::log_abs_det(x, low(x), high(x)); }
};
template <>
struct with_numbers<lower<per_element>> {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto low(auto x) { return these(x, -3, -1, 0, 1e3); }
    static constexpr auto forward(auto x) { return lower<per_element>::forward(x, low(x)); }
    static constexpr auto right_inverse(auto y) { return lower<per_element>::right_inverse(y, low(y)); }
    static constexpr auto log_abs_det(auto x) { return lower<per_element>::log_abs_det(x, low(x)); }
};
template <>
struct with_numbers<upper<per_element>> {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto high(auto x) { return these(x, 30, -1, 0, 1e3); }
    static constexpr auto forward(auto x) { return upper<per_element>::forward(x, high(x)); }
    static constexpr auto right_inverse(auto y) { return upper<per_element>::right_inverse(y, high(y)); }
    static constexpr auto log_abs_det(auto x) { return upper<per_element>::log_abs_det(x, high(x)); }
};
template <>
struct with_numbers<affine> {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto offset(auto x) { return these(x, 0, -1, 2, 1e3); }
    static constexpr auto multiplier(auto x) { return these(x, 1, 0.25, 3, 10); }
    static constexpr auto forward(auto x) { return affine::forward(x, offset(x), multiplier(x)); }
    static constexpr auto right_inverse(auto y) { return affine::right_inverse(y, offset(y), multiplier(y)); }
    static constexpr auto log_abs_det(auto x) { return affine::log_abs_det(x, offset(x), multiplier(x)); }
};

}  // namespace

TEST_CASE("log_abs_det: of bounds, offsets and multipliers of each element") {
    CHECK(density_laws<with_numbers<each>, pm::shape<4>>::check() == "");
    CHECK(density_laws<with_numbers<lower<per_element>>, pm::shape<4>>::check() == "");
    CHECK(density_laws<with_numbers<upper<per_element>>, pm::shape<4>>::check() == "");
    CHECK(density_laws<with_numbers<affine>, pm::shape<4>>::check() == "");
}
TEST_CASE("log_abs_det: takes the state of bounds behind x") {
    four const x{0.5, -2, 1, 0}, low{-inf, -1, -inf, 3}, high{inf, 2, 0.5, inf}, multiplier{1, 0.25, 3, 10};
    auto const softplus = [](double e) { return std::log1p(std::exp(e)); };
    double const expected = std::log(3.0) - softplus(2) - softplus(-2) + 1 + 0;
    CHECK(std::abs(pm::log_abs_det<each>(x, low, high) - expected) < 1e-14);
    CHECK(pm::log_abs_det<lower<per_element>>(x, low) == -2);
    CHECK(pm::log_abs_det<upper<per_element>>(x, high) == -1);
    CHECK(std::abs(pm::log_abs_det<affine>(x, low, multiplier) - std::log(7.5)) < 1e-14);
    auto const [y, log_det] = pm::value_and_log_abs_det<pm::chain<each, scale<2>>>(x, low, high);
    CHECK((y(0) == 1 && std::abs(y(2) - 2 * (0.5 - std::exp(1.0))) < 1e-14 && std::abs(y(3) - 8) < 1e-14));
    CHECK(std::abs(log_det - expected - 4 * std::log(2.0)) < 1e-14);
}
TEST_CASE("bounds of each element: an infinite one is none, at every magnitude, and comes back") {
    using law = test::interpreted<each, pm::shape<4>>;
    numbers const low{-inf, -1, -inf, 3}, high{inf, 2, 0.5, inf};
    for (double const e : {-1e300, -710.0, -40.0, -1e-310, 0.0, 1e-30, 40.0, 709.9, 1e30, 1e300}) {
        INFO(e);
        numbers const x(4, e), y = law::value({x, low, high}).outputs[0];
        CHECK((y[0] == e && y[1] >= -1 && y[1] <= 2 && y[2] <= 0.5 && y[3] >= 3));
        for (double const v : y) CHECK(std::isfinite(v));
        numbers const slope = law::gradient({x, low, high, numbers(4, 1)}).outputs[0];
        for (double const v : slope) CHECK(!std::isnan(v));
        CHECK(slope[0] == 1);
    }
    using row = xt::xtensor_fixed<float, xt::xshape<1, 4>>;
    float const none = std::numeric_limits<float>::infinity();
    pm::nn::linear<4, 1, pm::weight<each>, pm::no_bias> layer{pm::seed{1}};
    auto& w = layer.weight;
    w.state<0, 0>() = row{{-none, -1, -none, 3}};
    w.state<0, 1>() = row{{none, 2, 0.5f, none}};
    row const a{{-1e30f, 1.5f, -7, 1e10f}};
    w = a;
    CHECK(xt::allclose(w(), a, 1e-5));
    CHECK_FALSE(w.try_assign(row{{0, 0, 1, 4}}).ok());
    CHECK_FALSE(w.try_assign(row{{0, 0, 0, 2}}).ok());
    // A bound that is no number is not none.
    w.state<0, 0>()(0) = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(w()(0)));
}
TEST_CASE("bounds of each element: a tensor of its own begins with what the state begins as") {
    pm::tensor<pm::shape<2>, pm::chain<each>, double> within;
    pm::tensor<pm::shape<2>, pm::chain<affine>, double> around;
    using pair = xt::xtensor_fixed<double, xt::xshape<2>>;
    within = pair{0.25, 0.75};
    around = pair{3, -4};
    CHECK((xt::allclose(within(), pair{0.25, 0.75}, 1e-15) && around() == pair{3, -4}));
    CHECK((within.state<0, 1>()(1) == 1 && around.state<0, 1>()(0) == 1));
    CHECK_FALSE(within.try_assign(pair{0.25, 1.5}).ok());
}
TEST_CASE("offsets and multipliers of each element: laws, and what is refused") {
    CHECK(pm::laws<affine, pm::shape<2, 3>>::check() == "");
    using row = xt::xtensor_fixed<float, xt::xshape<1, 4>>;
    pm::nn::linear<4, 1, pm::weight<affine>, pm::no_bias> layer{pm::seed{1}};
    auto& w = layer.weight;
    CHECK(xt::allclose(w(), w.original(), 1e-7));
    w.state<0, 1>() = row{{1, 2, -1, 4}};
    auto const refused = w.try_assign(row{{1, 2, 3, 4}});
    CHECK((!refused.ok() &&
           std::string(refused.failed) == "offset_multiplier: every multiplier must be greater than zero"));
    w.state<0, 0>() = row{{1, 1, 1, 1}};
    w.state<0, 1>() = row{{1, 2, 3, 1e-3f}};
    row const a{{1e30f, -3, 1, 1.5f}};
    w = a;
    CHECK((xt::allclose(w(), a, 1e-6) && std::abs(w.original()(0, 3) - 500) < 1e-3));
}
