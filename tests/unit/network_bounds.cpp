// Intervals, the rules of operations, and pm::bounds: known values, edges, what is refused. Networks at random are in
// sound_bounds.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <vector>

#include "../sound.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sequential.hpp"

namespace {

using F = pm::interval<float>;
using D = pm::interval<double>;
using M = pm::range_math<float>;
constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double most = std::numeric_limits<float>::max(), least = 0x1p-149;

constexpr bool is(F const& x, double lo, double hi, bool may_be_nan = false) {
    return x.lo == lo && x.hi == hi && x.nan == may_be_nan;
}
constexpr bool is(D const& x, double lo, double hi) {
    return x.lo == lo && x.hi == hi && !x.nan;
}

}  // namespace

// [0.1] [0.1] and sqrt([2]) in double: the rounded product lies above the exact one.
static_assert(is(D(0.1) * D(0.1), 0.01, 0.010000000000000002));
static_assert(is(pm::range_math<double>::sqrt(D(2)), 1.4142135623730949, 1.4142135623730954));
static_assert(pm::range_math<double>::sqrt(D(2)).contains(1.4142135623730951));
static_assert(is(D(1.1) + D(0.1), 1.2000000000000002, 1.2000000000000002) ||
              is(D(1.1) + D(0.1), 1.2, 1.2000000000000002));
static_assert(is(F(0.5) * F(3), 1.5, 1.5) && is(F(1) + F(0x1p-30), 1, 1 + 0x1p-23) && is(F(6) / F(2), 3, 3));
static_assert(is(F(1) / F(3), 0.333333313465118408203125, 0.3333333432674407958984375));
static_assert(is(M::sqrt(F(4)), 2, 2) && is(M::sqrt({-1, 4}), 0, 2, true) && is(M::sqrt(F(-1)), -inf, inf, true));
// A number that T does not hold is one of its neighbours.
static_assert(F(0.1).lo < 0.1 && 0.1 < F(0.1).hi && is(F(not_a_number), -inf, inf, true));
// The ends of the range.
static_assert(is(F(most) + F(most), most, inf) && is(F(-most) * F(2), -inf, -most) && is(F(least) * F(0.5), 0, least));
static_assert(is(F(-least) / F(4), -least, 0) && is(F(inf) + F(-inf), inf, -inf, true) == false);
static_assert((F(inf) + F(-inf)).nan && (F(inf) - F(inf)).nan && !(F(inf) + F(inf)).nan);
static_assert((F(0) * F(inf)).nan && is(F(0) * F{1, most}, 0, 0) && is(F{0, 1} * F{0, inf}, 0, inf, true));
static_assert(is(F(1) / F{-1, 1}, -inf, inf) && is(F{-1, 1} / F{0, 1}, -inf, inf, true) && is(F(1) / F(inf), 0, 0));
static_assert((F(inf) / F(inf)).nan && (F(0) / F(0)).nan && is(F(1) / F{2, inf}, 0, 0.5));
static_assert(is(-F{-0.0, 2}, -2, 0) && is(F{-1, 2} - F{-1, 2}, -3, 3) && is(pm::square(F{-1, 2}), 0, 4));
static_assert(is(F{-2, 3} * F{-5, 7}, -15, 21));
// Comparisons, and what is chosen by them.
static_assert(!(F{0, 1} > F{1, 2}).may_hold && (F{0, 1} >= F{1, 2}).may_hold && (F{0, 1} < F{1, 2}).may_fail);
static_assert(!(F(1) == F(1)).may_fail && (F{0, 1} == F{0, 1}).may_fail && !(F(1) == F(2)).may_hold);
static_assert(is(M::where(F{0, 1} > F(2), F(5), F(7)), 7, 7) && is(M::where(F{0, 3} > F(2), F(5), F(7)), 5, 7));
static_assert(is(M::max(F(0), F{-1, 2, true}), 0, 2, true) && is(M::max(F{3, 4, true}, F{-1, 2}), -1, 4));
static_assert(is(M::min(F{-4, -3, true}, F{-1, 2}), -4, 2));

namespace {

constexpr bool near(double x, double expected, double relative = 1e-5) {
    return x >= expected - relative * (expected < 0 ? -expected : expected) &&
           x <= expected + relative * (expected < 0 ? -expected : expected);
}
constexpr bool about(F const& x, double lo, double hi) {
    return near(x.lo, lo) && x.lo <= lo && near(x.hi, hi) && x.hi >= hi && !x.nan;
}

}  // namespace

static_assert(about(M::tanh({2, 3}), 0.96402758007581688, 0.99505475368673046));
static_assert(about(M::tanh({-1, 3}), -0.76159415595576489, 0.99505475368673046));
static_assert(about(M::gelu({-2, -0.5}), -0.16997120747990369, -0.045500263896358417));
static_assert(about(M::gelu({-0.5, 1}), -0.15426876936299344, 0.84134474606854293));
static_assert(about(M::silu({-3, 1}), -0.27846454276107380, 0.73105857863000487));
static_assert(about(M::silu({-5, -2}), -0.2384058440442351, -0.033464254621424268));
static_assert(about(M::sin({1, 2}), 0.8414709848078965, 1) && about(M::sin({4, 5}), -1, -0.7568024953079282));
static_assert(about(M::cos({3, 3.5}), -1, -0.93645668729079634) && M::sin({0, 7}).hi >= 1 && M::sin({0, 7}).lo <= -1);
static_assert(M::sin({0, inf}).nan && M::sin({1e30, 1e30}).lo <= -1);
static_assert(about(M::exp({0, 1}), 1, 2.7182818284590452) && M::exp({-200, 200}).lo == 0 && M::exp({0, 89}).hi == inf);
static_assert(M::log({-1, 1}).nan && M::log({-1, 1}).lo == -inf && !M::log({0, 1}).nan && M::log({0, 1}).lo == -inf);
static_assert(M::rsqrt({0, 1}).lo == -inf && about(M::rsqrt({0.25, 4}), 0.5, 2));  // of -0 it is -infinity
static_assert(is(M::abs({-3, 2}), 0, 3) && is(M::abs({-3, -2}), 2, 3));
static_assert(M::pow({-2, 3}, 2).lo == 0 && near(M::pow({-2, 3}, 2).hi, 9) && M::pow({1e-30, 1}, 7).lo == 0);
static_assert(about(M::pow({-2, 3}, 3), -8, 27) && M::pow({-2, 3}, 0.5).nan && about(M::pow({2, 4}, -1), 0.25, 0.5));
static_assert(M::sigmoid({-1000, 1000}).lo == 0 && M::sigmoid({-1000, 1000}).hi == 1 && M::tanh({-99, 99}).hi == 1);
static_assert(M::softplus({-1000, 0}).lo == 0 && near(M::softplus({-1000, 0}).hi, 0.69314718055994531));

namespace {

// The interval of an elementwise function's operation at intervals.
template <class Op, class... X>
constexpr F of(X const&... x) {
    F const all[]{x..., F{}, F{}};
    double const numbers[]{0, all[1].lo, all[2].lo};
    return pm::detail::elementwise_range<Op>(all, numbers);
}

}  // namespace

// clamp as min of max: no piece is a straight line of width 0.
static_assert(is(of<pm::op::minimum>(of<pm::op::maximum>(F{0, 1}, F(0.5)), F(0.75)), 0.5, 0.75));
static_assert(is(of<pm::op::clamp>(F{0, 1}, F(0.5), F(0.75)), 0.5, 0.75) &&
              is(of<pm::op::clamp>(F{-inf, inf}, F(-1), F(1)), -1, 1));
static_assert(is(of<pm::op::maximum>(F{0, 3}, F{1, 2}), 1, 3) &&
              is(of<pm::op::minimum>(F{0, 3}, F{1, 2, true}), 0, 2, true));
static_assert(is(of<pm::op::relu>(F{-2, 0}), 0, 0) && is(of<pm::op::relu>(F(0)), 0, 0) &&
              is(of<pm::op::relu>(F{-1, 2}), 0, 2));
static_assert(is(of<pm::op::relu>(F{-1, 2, true}), 0, 2, true) && is(of<pm::op::relu>(F{1, 2}), 1, 2));
static_assert(about(of<pm::op::elu>(F{-1, 2}, F(1)), -0.63212055882855767, 2));
static_assert(is(of<pm::op::whole_power<4>>(F{-2, 1}), 0, 16) && is(of<pm::op::whole_power<3>>(F{-2, 1}), -8, 1));

namespace {

using two_layers = pm::nn::sequential<pm::nn::linear<2, 2>, pm::nn::relu, pm::nn::linear<2, 1>>;
// x in [-1, 1]^2: before relu x0 + 0.5 and x1 + 0.1; after it 1 - 4 relu - relu.
inline constexpr pm::network_values<two_layers> weights{{1, 0, 0, 1, 0.5f, 0.1f, -4, -1, 1}};
constexpr pm::frozen<weights> net;
constexpr auto all = pm::bounds(net, pm::box<pm::shape<2>>::of(-1, 1));
static_assert(all.upper(0) >= 1 && near(all.upper(0), 1) && all.lower(0) <= -6.1 && near(all.lower(0), -6.1));
static_assert(all.within(-6.11, 1.01) && !all.within(-6, 1.01) && !all.within(-6.11, 0.05) && !all.within(-inf, inf));
static_assert(all.no_nan() && all.no_overflow() && all.unknown() == "" && all.larger(0));

// Too large to be known: nothing is proved.
constexpr auto huge = pm::bounds(net, pm::box<pm::shape<2>>::of(-1e38, 1e38));
static_assert(!huge.within(-1e38, 1e38) && !huge.no_overflow() && !huge.no_nan() && !huge.larger(0));

using identity = pm::nn::linear<2, 2, pm::no_bias>;
inline constexpr pm::network_values<identity> same{{1, 0, 0, 1}};
constexpr pm::frozen<same> passes;
// A tie is not won.
static_assert(!pm::bounds(passes, pm::box<pm::shape<2>>::of(1, 1)).larger(0));
constexpr float at[]{3, 1};
static_assert(pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 0.5)).larger(0));
static_assert(!pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 0.5)).larger(1));
static_assert(!pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 1.5)).larger(0));
static_assert(!pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 0.5)).larger(2));
static_assert(!pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 0.5)).larger(-1));

// An operation of one's own, without a rule, and with one.
struct halved : pm::op::dense<halved, 1> {
    static constexpr std::string_view name = "halved";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i] / T(2);
        return true;
    }
};
struct doubled : pm::op::dense<doubled, 1> {
    static constexpr std::string_view name = "doubled";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i] * T(2);
        return true;
    }
    template <class T>
    static constexpr void range(pm::range_operands<T> const& x) {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i] * pm::interval<T>(2);
    }
};
template <class Op>
struct applies {
    static constexpr auto forward(auto x) { return pm::apply<Op>(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
template <class... Layers>
inline constexpr pm::network_values<pm::nn::sequential<pm::nn::linear<2, 2, pm::no_bias>, Layers...>> layers{
    {1, 0, 0, 1}};
template <class... Layers>
constexpr pm::frozen<layers<Layers...>> with{};

constexpr auto no_rule = pm::bounds(with<applies<halved>, pm::nn::tanh>, pm::box<pm::shape<2>>::of(0, 1));
static_assert(no_rule.unknown() == "halved" && !no_rule.no_nan() && !no_rule.within(-1, 1) && no_rule.upper(0) == 1);
constexpr auto own_rule = pm::bounds(with<applies<doubled>>, pm::box<pm::shape<2>>::of(0, 1));
static_assert(own_rule.unknown() == "" && own_rule.within(-0.001, 2.001) && own_rule.no_nan());

// Pieces are cut where they meet.
template <class Layer>
constexpr auto after = pm::bounds(with<Layer>, pm::box<pm::shape<2>>::of(-1, 2));
static_assert(after<pm::nn::leaky_relu<>>.within(-0.0101, 2.0001) && after<pm::nn::hardtanh<>>.within(-1, 1));
static_assert(after<pm::nn::hardsigmoid>.within(0.333, 0.834) && after<pm::nn::relu6>.within(0, 2.0001));
// The softmax of numbers within [-1, 2] each.
constexpr auto shares = after<pm::nn::softmax<>>;
static_assert(near(shares.lower(0), 1 / (1 + 20.085536923187668), 1e-4) &&
              near(shares.upper(1), 1 - 1 / (1 + 20.085536923187668), 1e-4));
static_assert(shares.no_nan() && shares.within(0, 1) && after<pm::nn::log_softmax<>>.no_nan());

}  // namespace

TEST_CASE("bounds: a box that is empty is refused, one of a point is not") {
    pm::box<pm::shape<2>> b = pm::box<pm::shape<2>>::of(1, 1);
    CHECK(pm::bounds(net, b).within(-10, 10));
    b.upper[1] = 0.5;
    CHECK_THROWS_AS(pm::bounds(net, b), pm::error);
    b.upper[1] = not_a_number;
    CHECK_THROWS_WITH(pm::bounds(net, b), Catch::Matchers::ContainsSubstring("bounds: the box is empty: element 1"));
    b.upper[1] = inf;
    CHECK_FALSE(pm::bounds(net, b).no_nan());
    CHECK_THROWS_WITH(pm::box<pm::shape<2>>::around(std::vector<float>(3), 1),
                      "box: around: the input has another number of elements than the box's shape");
}

TEST_CASE("bounds: what trains is frozen at run time, and gives what the compiler gives") {
    pm::nn::linear<2, 2, pm::no_bias> layer{pm::seed{0}};
    layer.weight.original() = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, 0}, {0, 1}};
    auto const box = pm::box<pm::shape<2>>::around(at, 0.5);
    auto const run = pm::bounds(pm::freeze(layer), box);
    constexpr auto compiled = pm::bounds(passes, pm::box<pm::shape<2>>::around(at, 0.5));
    for (int i = 0; i < 2; ++i) CHECK((run.lower(i) == compiled.lower(i) && run.upper(i) == compiled.upper(i)));
    CHECK(run.larger(0));
    // Rows of a batch are an input as well.
    CHECK(pm::bounds(pm::freeze(layer), pm::box<pm::shape<3, 2>>::of(-1, 1)).within(-1.001, 1.001));
    xt::xtensor_fixed<float, xt::xshape<2>> const center{3, 1};
    CHECK(pm::box<pm::shape<2>>::around(center, 0.5).lower[0] == box.lower[0]);
    CHECK_THROWS_AS((pm::box<pm::shape<3>>::around(center, 0.5)), pm::error);
}
