// Differences of networks: bounds of the size of what differs, by hand; verdicts; what has no rule; the error of eight
// bits as a constant. Networks at random are in sound_difference.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/prove/quantization_error.hpp"

namespace {

namespace pm = paramorph;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr bool between(double x, double low, double high) {
    return x >= low && x <= high;
}

// Weights that eight bits hold but for the rounding of a scale: what is lost is half of the row's scale.
using identity = pm::nn::linear<2, 2, pm::no_bias>;
inline constexpr pm::network_values<identity> ones{{1, 0, 0, 1}};
constexpr pm::frozen<ones> same;
constexpr auto same_in_eight = pm::quantize<ones>();
constexpr auto unit = pm::box<pm::shape<2>>::of(-1, 1);
constexpr auto lost = pm::difference(same, same_in_eight, unit);
static_assert(between(lost.upper(0), 1 / 254.0, 1.001 / 254) && between(-lost.lower(1), 1 / 254.0, 1.001 / 254));
static_assert(lost.within(-0.004, 0.004) && !lost.within(-0.0039, 0.0039) && lost.no_nan() && lost.unknown() == "");
// In the other order it is the same with the other sign.
constexpr auto turned = pm::difference(same_in_eight, same, unit);
static_assert(turned.lower(0) == -lost.upper(0) && turned.upper(0) == -lost.lower(0));
// Nothing is rounded of zeros, and no element further than to zero.
constexpr auto of_zeros = pm::difference(same, same_in_eight, pm::box<pm::shape<2>>::of(0, 0));
static_assert(of_zeros.within(-1e-40, 1e-40));
constexpr pm::box<pm::shape<2>> one_large{{100, -1e-3}, {100, 1e-3}};
static_assert(between(pm::difference(same, same_in_eight, one_large).upper(1), 1e-3, 1.01e-3));
// A constant, and a bound for each result.
static_assert(pm::quantization_error<same, unit> < 0.004 && pm::quantization_error<same, unit> > 1 / 254.0);
static_assert(pm::proved_difference<same, same_in_eight, unit>.upper(0) == lost.upper(0));
static_assert(pm::quantization_error_of(same, unit) == lost.largest());

// A verdict is positive: what overflows, or is not known, is not proved.
constexpr auto large = pm::difference(same, same_in_eight, pm::box<pm::shape<2>>::of(-3e38, 3e38));
static_assert(!large.within(-3e38, 3e38) && !large.within(-inf, inf));
constexpr auto beyond = pm::box<pm::shape<2>>::of(-1e39, 1e39);
static_assert(!(pm::quantization_error<same, beyond> < inf));

// Two networks whose weights differ by a little: a difference of their size, though results are a thousand times
// larger.
using model = pm::nn::sequential<pm::nn::linear<2, 3>, pm::nn::relu, pm::nn::linear<3, 1>>;
inline constexpr pm::network_values<model> before{{1, 2, -3, 1, 2, 2, 0, 0, 0, 10, -10, 10, 0}},
    after{{1, 2.0625f, -3, 1, 2, 2, 0, 0, 0, 10, -10, 10, 0.25f}};
constexpr pm::frozen<before> a;
constexpr pm::frozen<after> b;
constexpr auto moved = pm::difference(a, b, pm::box<pm::shape<2>>::of(0, 1));
// Of the first row: -0.0625 x1, times 10; of the bias: -0.25.
static_assert(between(moved.lower(0), -0.8752, -0.875) && between(moved.upper(0), -0.25, -0.2498));
// A unit that no input of the box wakes changes nothing.
constexpr auto asleep = pm::difference(a, b, pm::box<pm::shape<2>>{{-2, -1}, {-1, -0.5}});
static_assert(between(asleep.lower(0), -0.2502, -0.25) && between(asleep.upper(0), -0.25, -0.2498));
// The same program twice: what both round.
static_assert(pm::difference(a, a, pm::box<pm::shape<2>>::of(-1, 1)).within(-3e-4, 3e-4));
static_assert(!pm::difference(a, a, pm::box<pm::shape<2>>::of(-1, 1)).within(0, 0));

// In 16 bits: 2.0625 is a bfloat16, 1/3 is not.
inline constexpr pm::network_values<identity> thirds{{1.0f / 3, 0, 0, 1.0f / 3}};
constexpr pm::frozen<thirds> third;
constexpr auto in_16 = pm::difference(third, pm::stored_as<pm::bfloat16, thirds>(), unit);
constexpr double off = 1.0 / 3 - 0.333984375;
static_assert(between(in_16.upper(0), -off - 1e-7, -off + 1e-6) && between(-in_16.lower(0), -off - 1e-7, -off + 1e-6));

// In eight bits with a scale for each row: 1/3 is 42 of 127 parts of 1. What is proved is what holds of the values
// read.
inline constexpr pm::network_values<identity> mixed{{1, 1.0f / 3, 0, -1}};
constexpr pm::frozen<mixed> of_mixed;
constexpr auto in_8 = pm::stored_as<std::int8_t, mixed>();
constexpr pm::frozen<pm::rounded_values<std::int8_t, mixed>> as_read;
constexpr auto lost_in_8 = pm::difference(of_mixed, in_8, unit);
static_assert(between(lost_in_8.upper(0), 1.0 / 3 - 42.0 / 127 - 1e-5, 1.0 / 3 - 42.0 / 127 + 3e-5));
static_assert(lost_in_8.upper(0) == pm::difference(of_mixed, as_read, unit).upper(0) && lost_in_8.within(-0.01, 0.01));
static_assert(pm::bounds(in_8, unit).upper(0) == pm::bounds(as_read, unit).upper(0) &&
              pm::proved_bounds<in_8, unit>.lower(1) == pm::bounds(as_read, unit).lower(1) &&
              pm::margin(in_8, 0, unit) == pm::margin(as_read, 0, unit));

// An operation without a rule is in both: the difference is that of two unknown values.
struct halved : pm::op::dense<halved, 1> {
    static constexpr std::string_view name = "halved";
    static constexpr pm::extents shape(pm::extents const (&s)[pm::max_arguments], pm::attributes, int) { return s[0]; }
    template <class, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i] / T(2);
        return true;
    }
};
struct halves {
    static constexpr auto forward(auto x) { return pm::apply<halved>(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
using halving = pm::nn::sequential<identity, halves>;
inline constexpr pm::network_values<halving> of_halving{{1, 0, 0, 1}};
constexpr pm::frozen<of_halving> half;
constexpr auto unknown = pm::difference(half, pm::quantize<of_halving>(), unit);
static_assert(unknown.unknown() == "halved" && !unknown.within(-1e30, 1e30) && unknown.largest() == inf);

// In double.
using precise = pm::nn::linear<2, 2, pm::no_bias, pm::element_type<double>>;
inline constexpr pm::network_values<precise> of_precise{{1, 0, 0, 1}};
constexpr pm::frozen<of_precise> in_double;
static_assert(between(pm::quantization_error_of(in_double, unit), 1 / 254.0, 1.001 / 254));

template <class M>
auto frozen_at_run_time(std::initializer_list<float> numbers) {
    auto net = pm::make<M>(pm::seed{0});
    std::copy(numbers.begin(), numbers.end(), net.weight.original().begin());
    return pm::freeze(net);
}

}  // namespace

TEST_CASE("difference: at run time as by the compiler") {
    auto const net = frozen_at_run_time<identity>({1, 0, 0, 1});
    CHECK(pm::quantization_error_of(net, unit) == lost.largest());
    auto const other = frozen_at_run_time<identity>({1, 0, 0, 1.5f});
    auto const d = pm::difference(net, other, unit);
    CHECK(between(d.upper(1), 0.5, 0.50001));
    CHECK(between(d.upper(0), 0, 1e-6));
    CHECK(pm::difference<pm::bounding::intervals>(net, other, unit).upper(1) >= d.upper(1));
    // The error that is bounded is there: half a scale.
    pm::workspace<same_in_eight> space;
    float const x[]{1, 0.4999f / 127};
    float y[2];
    REQUIRE(same_in_eight(x, y, space.bytes).ok());
    CHECK(double(x[1]) - double(y[1]) > 0.99 / 254);
}

TEST_CASE("difference: what proves nothing, and what is refused") {
    float const nan = std::numeric_limits<float>::quiet_NaN();
    auto const net = frozen_at_run_time<identity>({1, 0, 0, 1});
    auto const broken = frozen_at_run_time<identity>({1, nan, 0, 1});
    auto const d = pm::difference(net, broken, unit);
    CHECK_FALSE(d.within(-1e30, 1e30));
    CHECK(d.largest() == inf);
    CHECK_THROWS_WITH(pm::quantization_error_of(broken, unit),
                      Catch::Matchers::ContainsSubstring("quantization_error: a number of the network is not finite"));
    auto const huge = frozen_at_run_time<identity>({3e38f, 0, 0, 1});
    CHECK_THROWS_WITH(pm::quantization_error_of(huge, unit),
                      Catch::Matchers::ContainsSubstring("weights of a channel are so large"));
    auto box = unit;
    box.lower[1] = 2;
    CHECK_THROWS_WITH(pm::difference(net, net, box), Catch::Matchers::ContainsSubstring("the box is empty: element 1"));
}

TEST_CASE("difference: sums of products in any order") {
    using Op = pm::op::rounding_of_products<pm::op::matmul, false>;
    constexpr int n = 100;
    using F = pm::interval<float>;
    std::vector<F> a(n), w(n);
    std::vector<float> x(n), y(n);
    std::uint32_t state = 1;
    double least_part = 1, exact_worst = 0;
    for (int t = 0; t < 200; ++t) {
        for (std::size_t i = 0; i < n; ++i) {
            auto const draw = [&] { return float(state = state * 1664525u + 1013904223u) * 0x1p-31f - 1; };
            x[i] = draw();
            y[i] = draw();
            a[i] = F(double(x[i]));
            w[i] = F(double(y[i]));
        }
        F zero(0), off;
        pm::range_operands<float> by{};
        by.argument[0] = a.data(), by.argument[1] = by.argument[3] = &zero, by.argument[2] = w.data();
        by.shape[0] = {2, {1, n}}, by.shape[2] = {2, {1, n}};
        by.shape[1] = by.shape[3] = {};
        by.attribute = pm::attributes{{0, 1}};
        by.result[0] = &off;
        by.result_shape[0] = {2, {1, 1}};
        Op::range<float>(by);
        float forward = 0, backward = 0, fused = 0;
        double exact = 0;
        for (std::size_t i = 0; i < n; ++i) {
            forward += x[i] * y[i];
            backward += x[n - 1 - i] * y[n - 1 - i];
            fused = std::fma(x[i], y[i], fused);
            exact += double(x[i]) * double(y[i]);
        }
        for (float const s : {forward, backward, fused}) {
            for (float const r : {forward, backward, fused}) CHECK(off.contains(double(s) - double(r)));
            double const e = std::abs(double(s) - exact);
            if (e > exact_worst || e != e) exact_worst = e;
            if (!(2 * e <= off.hi)) least_part = 0;
        }
        CHECK(off.hi < 1e-3);
    }
    CHECK(least_part == 1);
    CHECK(exact_worst > 1e-7);  // they do round
}
