// Lines and planes of single operations: a function lies between them on every interval, and they are near to it; what
// several operations make of one number is known as one function.
//
// SPDX-License-Identifier: BSL-1.0
#include "../sound.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"

namespace {

namespace op = pm::op;
using pm::detail::curve_lines, pm::detail::lines, pm::detail::plane, pm::detail::planes, pm::detail::plane_rules;
using piece = pm::detail::function_piece<double>;
using slopes = pm::slope_math<double>;
using sound::generator, sound::uniform;

// How often a function leaves its lines, of random intervals within [low, high], long and short ones; and how far these
// are apart at most, over the curvature's square of the length, of intervals shorter than 1.
struct tried {
    long outside = 0, known = 0;
};
template <class Op>
tried of_lines(auto const& f, double low, double high, double second = 0, double third = 0) {
    generator r(3);
    tried all;
    for (int k = 0; k < 3000; ++k) {
        double const size = (high - low) * std::pow(10.0, uniform(r, -9, 0));
        double a = uniform(r, low, high), b = std::min(high, a + size);
        if (k % 5 == 0) a = low;
        if (k % 7 == 0) b = high;
        if (k % 19 == 0) b = a;
        double const cuts[]{0, second, third};
        lines const l = curve_lines::of(a, b, cuts, 3, [&](double from, double to) {
                            piece const x[]{piece::argument(from, to), piece(second), piece(third)};
                            double const numbers[]{0, second, third};
                            return pm::detail::elementwise_piece<Op, double>(x, numbers);
                        }).between;
        all.known += l.known ? 1 : 0;
        if (!l.known) continue;
        for (int i = 0; i <= 50; ++i) {
            double const x = i == 50 ? b : i == 49 ? std::min(b, std::max(a, 0.0)) : a + (b - a) * i / 49;
            long double const y = f(static_cast<long double>(x)), off = l.absolute + 0x1p-50 * std::abs(double(y));
            bool const holds = l.low_slope * static_cast<long double>(x) + l.low_at - off <= y &&
                               y - off <= l.high_slope * static_cast<long double>(x) + l.high_at;
            all.outside += holds ? 0 : 1;
        }
    }
    return all;
}
#define CHECK_LINES(Op, low, high, ...)                                          \
    {                                                                            \
        auto const f = [](long double x) -> long double { return __VA_ARGS__; }; \
        tried const t = of_lines<Op>(f, low, high);                              \
        INFO(#Op);                                                               \
        CHECK((t.outside == 0 && t.known > 2900));                               \
    }

}  // namespace

TEST_CASE("relaxations: functions of one number lie between their lines"){
    CHECK_LINES(op::sin, -9, 20, std::sin(x)) CHECK_LINES(op::cos, -9, 20, std::cos(x))
        CHECK_LINES(op::sin, -3000, 3000, std::sin(x)) CHECK_LINES(op::exp<>, -80, 300, std::exp(x))
            CHECK_LINES(op::expm1, -80, 80, std::expm1(x)) CHECK_LINES(op::log, 1e-9, 1e9, std::log(x))
                CHECK_LINES(op::log1p, -0.999, 1e3, std::log1p(x)) CHECK_LINES(op::sqrt, 0, 1e6, std::sqrt(x))
                    CHECK_LINES(op::rsqrt, 1e-6, 1e6, 1 / std::sqrt(x)) CHECK_LINES(op::erf, -9, 9, std::erf(x))
                        CHECK_LINES(op::abs, -9, 9, std::abs(x)) CHECK_LINES(op::sign, -9, 9,
                                                                             x > 0   ? 1
                                                                             : x < 0 ? -1
                                                                                     : 0)
                            CHECK_LINES(op::tanh<>, -30, 30, std::tanh(x)) CHECK_LINES(op::sigmoid<>, -50, 50,
                                                                                       1 / (1 + std::exp(-x)))
                                CHECK_LINES(op::softplus<>, -50, 60,
                                            std::max(x, 0.0L) + std::log1p(std::exp(-std::abs(x))))
                                    CHECK_LINES(op::silu<>, -60, 60, x / (1 + std::exp(-x)))
                                        CHECK_LINES(op::gelu<>, -9, 30, x / 2 * std::erfc(-x / std::sqrt(2.0L)))
                                            CHECK_LINES(op::normal_cdf<>, -9, 9, std::erfc(-x / std::sqrt(2.0L)) / 2)
                                                CHECK_LINES(op::whole_power<3>, -9, 9, x* x* x)
                                                    CHECK_LINES(op::whole_power<4>, -9, 9, x* x* x* x)
                                                        CHECK_LINES(op::whole_power<5>, -9, 9, x* x* x* x* x)}

TEST_CASE("relaxations: lines are as near as a chord and a tangent are") {
    // The chord and the tangent at the middle of a function of curvature 1 are h^2 / 8 apart at the middle and at the
    // ends. (Of sin the curvature is less.)
    generator r(4);
    double widest = 0;
    for (int k = 0; k < 1000; ++k) {
        double const h = std::pow(10.0, uniform(r, -4, 0)), a = uniform(r, -9, 9), b = a + h;
        lines const l = curve_lines::of(a, b, nullptr, 0, [](double from, double to) {
                            return slopes::sin(piece::argument(from, to));
                        }).between;
        REQUIRE(l.known);
        for (double const x : {a, a + h / 2, b}) {
            double const apart = (l.high_slope - l.low_slope) * x + l.high_at - l.low_at;
            if (!(apart <= h * h * widest)) widest = apart / (h * h);
        }
    }
    CHECK(widest < 0.127);
    // Over many waves nothing but their height is known, nor more; a kink is a place where lines may touch.
    lines const w = curve_lines::of(-50, 50, nullptr, 0, [](double from, double to) {
                        return slopes::sin(piece::argument(from, to));
                    }).between;
    CHECK((w.low_at > -1.2 && w.high_at < 1.2 && std::abs(w.low_slope) < 0.02 && std::abs(w.high_slope) < 0.02));
    double const zero[]{0};
    lines const kink = curve_lines::of(-1, 3, zero, 1, [](double from, double to) {
                           piece const x = piece::argument(from, to);
                           return slopes::where(x > piece(0), x, piece(0.1) * x);
                       }).between;
    CHECK((std::abs(kink.high_slope - 0.775) < 1e-9 && kink.high_slope * 3 + kink.high_at < 3 + 1e-9 &&
           kink.low_slope * 0 + kink.low_at > -1e-9));
}

namespace {

// How often f leaves its planes, of random boxes; apart.size: how far they are apart at the middle, over `gap`.
template <class Planes, class Function>
long outside(Planes const& planes_of, Function const& f, double low, double high) {
    generator r(6);
    long found = 0, known = 0;
    for (int k = 0; k < 3000; ++k) {
        double at[4]{};
        for (int i = 0; i < 4; i += 2) {
            at[i] = uniform(r, low, high);
            at[i + 1] = std::min(high, at[i] + (k % 11 == 0 ? 0 : (high - low) * std::pow(10.0, uniform(r, -6, 0))));
        }
        planes const p = planes_of(plane_rules<double>{{at[0], at[1]}, {at[2], at[3]}});
        known += p.known ? 1 : 0;
        if (!p.known) continue;
        for (int i = 0; i < 40; ++i) {
            // Corners first.
            long double const x = i < 4 ? at[i % 2] : uniform(r, at[0], at[1]),
                              y = i < 4 ? at[2 + i / 2] : uniform(r, at[2], at[3]);
            auto const value = [&](plane const& q) { return q.of_x * x + q.of_y * y + q.at; };
            long double const z = f(x, y);
            found += value(p.low) - p.absolute <= z && z <= value(p.high) + p.absolute ? 0 : 1;
        }
    }
    CHECK(known > 2900);
    return found;
}

}  // namespace

TEST_CASE("relaxations: functions of two numbers lie between their planes") {
    auto const product = [](auto const& of) { return of.product(); };
    auto const quotient = [](auto const& of) { return of.quotient(); };
    using number = long double;
    CHECK(outside(product, [](number x, number y) { return x * y; }, -5, 5) == 0);
    CHECK(outside(product, [](number x, number y) { return x * y; }, 1, 1e6) == 0);
    CHECK(outside(quotient, [](number x, number y) { return x / y; }, 1e-3, 40) == 0);
    CHECK(outside(quotient, [](number x, number y) { return x / y; }, -40, -1e-3) == 0);
    CHECK(outside([](auto const& of) { return of.maximum(); }, [](number x, number y) { return x > y ? x : y; }, -5,
                  5) == 0);
    CHECK(outside([](auto const& of) { return of.minimum(); }, [](number x, number y) { return x < y ? x : y; }, -5,
                  5) == 0);
    CHECK(outside([](auto const& of) { return of.either(); }, [](number x, number y) { return x < y ? x : y; }, -5,
                  5) == 0);
    CHECK(outside([](auto const& of) { return of.either(); }, [](number x, number y) { return x > y ? x : y; }, -5,
                  5) == 0);
    // A divisor that may be 0 has no planes, nor one that is subnormal.
    CHECK_FALSE(plane_rules<double>({1, 2}, {-1, 1}).quotient().known);
    CHECK_FALSE(plane_rules<double>({1, 2}, {0, 1}).quotient().known);
    CHECK_FALSE(plane_rules<double>({1, 2}, {-1, 0}).quotient().known);
    CHECK_FALSE(plane_rules<double>({1, 2}, {1e-310, 1}).quotient().known);
    // Of positive numbers the bound of the lower plane is the product of the lower ends.
    planes const p = plane_rules<double>({1, 3}, {2, 8}).product();
    CHECK((p.low.of_x == 2 && p.low.of_y == 1 && p.low.at == -2));
}

namespace {

// f applied to an input, as a module.
template <class F>
struct function {
    static constexpr auto forward(auto x) { return F{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Elements 0 and 1 of the last axis.
constexpr auto first(auto const& x) {
    return pm::slice<-1, 0, 1>(x);
}
constexpr auto second(auto const& x) {
    return pm::slice<-1, 1, 2>(x);
}
template <class F>
auto bounds_of(F, double low, double high, double low_of_second, double high_of_second) {
    pm::box<pm::shape<2>> box{};
    box.lower[0] = low;
    box.upper[0] = high;
    box.lower[1] = low_of_second;
    box.upper[1] = high_of_second;
    function<F> const f;
    auto const b = pm::bounds(pm::freeze(f), box);
    CHECK(b.unknown() == "");
    return b;
}

}  // namespace

TEST_CASE("relaxations: what several operations make of numbers is bounded jointly") {
    // Of order h^2 for a box of size h, where intervals give h.
    constexpr double h = 0.01;
    auto const energy = [](auto x) { return first(x) * second(x) - second(x) * first(x); };
    CHECK(bounds_of(energy, 1, 1 + h, 2, 2 + h).within(-h * h, h * h));
    auto const circle = [](auto x) {
        auto const a = pm::sin(first(x));
        auto const b = pm::cos(first(x));
        return a * a + b * b;
    };
    CHECK(bounds_of(circle, 1, 1 + h, 0, 0).within(1 - h * h, 1 + h * h));
    auto const pendulum = [](auto x) {
        auto const t = first(x), w = second(x);
        return t * t + t * w + w * w - pm::square(t + 0.5 * w) - 0.75 * w * w;
    };
    CHECK(bounds_of(pendulum, 0.3, 0.3 + h, -0.2, -0.2 + h).within(-2 * h * h, 2 * h * h));
    auto const quotient = [](auto x) { return first(x) / second(x) * second(x) - first(x); };
    CHECK(bounds_of(quotient, 1, 1 + h, 2, 2 + h).within(-h * h, h * h));
    // One function of one number.
    auto const gate = [](auto x) { return first(x) * pm::sigmoid(first(x)); };
    CHECK(bounds_of(gate, -4, 0, 0, 0).within(-0.285, 0.01));
    auto const sinc = [](auto x) { return pm::sin(first(x)) / first(x) + second(x); };
    CHECK(bounds_of(sinc, 0.5, 0.5 + h, 0, 0).within(0.9552, 0.95886));
    auto const folded = [](auto x) {
        return pm::where(first(x) > 0, first(x), -0.5 * first(x)) - first(x) + second(x);
    };
    CHECK(bounds_of(folded, -1, -0.5, 0, 0).within(0.749, 1.501));
    auto const largest = [](auto x) {
        return pm::maximum(first(x), second(x)) + pm::minimum(first(x), second(x)) - first(x);
    };
    CHECK(bounds_of(largest, -1, 1, 1, 1 + h).within(0.999, 1.011));
    auto const chosen = [](auto x) { return pm::where(second(x) > 0, first(x), second(x)) - first(x); };
    CHECK(bounds_of(chosen, -1, 1, 2, 3).within(-1e-6, 1e-6));
}

namespace {

using namespace pm::nn;
// Logits x and x + 1: what is added to both moves no share.
template <class Layer>
inline constexpr pm::network_values<sequential<linear<1, 2>, Layer>> same_rows{{1, 1, 0, 1}};
template <class Layer>
constexpr pm::frozen<same_rows<Layer>> shifted{};

}  // namespace

TEST_CASE("relaxations: softmax, products of what moves, squares and maxima are bounded jointly") {
    auto const wide = pm::box<pm::shape<1>>::of(-0.1, 0.1);
    double const share = 1 / (1 + std::exp(1.0));
    auto const s = pm::bounds(shifted<softmax<>>, wide);
    CHECK((s.lower(0) > share - 2e-3 && s.upper(0) < share + 2e-3 && s.no_nan()));
    auto const l = pm::bounds(shifted<log_softmax<>>, wide);
    CHECK((l.lower(0) > std::log(share) - 6e-3 && l.upper(0) < std::log(share) + 6e-3));
    constexpr double h = 0.01;
    auto const gram = [](auto x) { return pm::matmul(x, pm::transpose(x)) - pm::sum(x * x); };
    function<decltype(gram)> const f;
    pm::box<pm::shape<1, 2>> at{};
    at.lower[0] = 1, at.upper[0] = 1 + h, at.lower[1] = 2, at.upper[1] = 2 + h;
    CHECK(pm::bounds(pm::freeze(f), at).within(-2 * h * h, 2 * h * h));
    auto const length = [](auto x) { return pm::norm(x) - 0.6 * first(x) - 0.8 * second(x); };
    CHECK(bounds_of(length, 3, 3 + h, 4, 4 + h).within(-h * h, h * h));
    auto const wins = [](auto x) { return pm::max<-1>(x) - pm::sum(second(x)); };
    CHECK(bounds_of(wins, -1, 1, 1, 3).within(-1e-6, 1e-6));
    auto const loses = [](auto x) { return pm::min<-1>(x) - pm::sum(second(x)); };
    CHECK(bounds_of(loses, 1, 3, -1, 1).within(-1e-6, 1e-6));
    auto const unclear = [](auto x) { return pm::min<-1>(x) - pm::sum(second(x)); };
    CHECK_FALSE(bounds_of(unclear, 0.5, 3, -1, 1).within(-0.499, 1e-6));
}

TEST_CASE("relaxations: what may be infinite or NaN proves nothing, a point is no mistake") {
    constexpr double inf = std::numeric_limits<double>::infinity(), most = 1e30;
    auto const nothing = [&](auto const& b) { return !b.within(-most, most) && !b.no_overflow() && !b.larger(0); };
    auto const quotient = [](auto x) { return first(x) / second(x); };
    CHECK((nothing(bounds_of(quotient, 1, 2, -1, 1)) && nothing(bounds_of(quotient, 1, 2, 0, 1))));
    CHECK((nothing(bounds_of(quotient, 1, 2, 0, 0)) && nothing(bounds_of(quotient, 0, 0, 0, 0))));
    auto const logarithm = [](auto x) { return pm::log(first(x)) + second(x); };
    CHECK((nothing(bounds_of(logarithm, 0, 1, 0, 0)) && nothing(bounds_of(logarithm, -1, 1, 0, 0))));
    auto const root = [](auto x) { return pm::rsqrt(first(x)) + pm::sqrt(second(x)); };
    CHECK((nothing(bounds_of(root, 0, 1, 1, 1)) && nothing(bounds_of(root, 1, 1, -1, 1))));
    CHECK(bounds_of(root, 1, 4, 0, 1).within(0.499, 2.001));
    auto const wave = [](auto x) { return pm::sin(first(x)) * pm::exp(second(x)); };
    CHECK((nothing(bounds_of(wave, -inf, 1, 0, 1)) && nothing(bounds_of(wave, 0, 1, 0, inf))));
    CHECK(nothing(bounds_of(wave, 0, 1, 0, 500)));
    CHECK(bounds_of(wave, 1, 1, 0, 0).within(0.84147, 0.841472));
    // A weight that is NaN.
    sequential<linear<1, 2>, pm::nn::tanh, linear<2, 2>> net{pm::seed{1}};
    auto const unit = pm::box<pm::shape<1>>::of(-1, 1);
    CHECK(pm::bounds(pm::freeze(net), unit).within(-9, 9));
    pm::for_each_parameter(net, [](std::string const& name, auto& p) {
        if (name == "0.weight") *p.begin() = std::numeric_limits<float>::quiet_NaN();
    });
    auto const frozen = pm::freeze(net);
    auto const b = pm::bounds(frozen, unit);
    CHECK((nothing(b) && !b.no_nan() && pm::margin(frozen, 0, unit) == -inf && pm::margin(frozen, 1, unit) == -inf));
}
