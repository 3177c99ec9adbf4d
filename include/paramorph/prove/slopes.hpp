// By what a function of one number moves: the least and the largest of (f(y) - f(x)) / (y - x) for numbers of an
// interval. Of functions whose slope is known it is that of the interval; of others what the operation states for all
// numbers (`runs`).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/prove/line_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct slope_range {
    double least = -math::infinity, most = math::infinity;

    constexpr bool known() const { return least >= -0x1p250 && most <= 0x1p250; }
    // The least and the largest product of a slope and a number of [l, u], finite ones; rounded outwards.
    constexpr double low(double l, double u) const {
        if (!known()) return -math::infinity;
        return next_double(math::min(math::min(least * l, most * l), math::min(least * u, most * u)), false);
    }
    constexpr double high(double l, double u) const {
        if (!known()) return math::infinity;
        return next_double(math::max(math::max(least * l, most * l), math::max(least * u, most * u)), true);
    }
    // Lines that hold every such product: the largest is convex in the number and the smallest concave, so the chords.
    constexpr detail::lines lines(double l, double u) const {
        if (!known()) return {};
        if (least == most) return detail::lines::exact(least);
        if (l >= 0) return {true, least, 0, most, 0, 0, 0};
        if (u <= 0) return {true, most, 0, least, 0, 0, 0};
        double const size = math::max(-l, u) * math::max(math::abs(least), math::abs(most)), off = 0x1p-48 * size,
                     width = u - l;
        double const up = (most * u - least * l) / width, down = (least * u - most * l) / width;
        return {true, down, least * u - down * u - off - 0x1p-1060, up, most * u - up * u + off + 0x1p-1060, 0, 0};
    }
};

// The ends of what holds a and a + e.
struct both_ends {
    double lo, hi;
    template <class T>
    constexpr both_ends(interval<T> const& a, interval<T> const& e)
        : lo(next_double(a.lo + math::min(e.lo, 0.0), false)), hi(next_double(a.hi + math::max(e.hi, 0.0), true)) {}
};
template <class T>
constexpr interval<T> times_slopes(slope_range const& s, interval<T> const& e, bool nan) {
    return {rounded_outwards<T, false>(s.low(e.lo, e.hi)), rounded_outwards<T, true>(s.high(e.lo, e.hi)), nan};
}

// What double rounds, of slopes that are known to 2^-40.
constexpr slope_range widened_slopes(double least, double most) {
    double const off = 0x1p-40 * math::max(math::abs(least), math::abs(most)) + 0x1p-1000;
    return {least - off, most + off};
}
// The slope of an even function that falls from 0 on.
template <class F>
constexpr slope_range slopes_of_wave(double lo, double hi, F const& slope) {
    double const far = math::max(math::abs(lo), math::abs(hi)), near = lo > 0 ? lo : hi < 0 ? -hi : 0;
    slope_range const s = widened_slopes(slope(far), slope(near));
    return {math::max(s.least, 0.0), s.most};
}
// Around the slope at the middle, of a function whose second derivative is at most `curvature`.
constexpr slope_range slopes_of_curve(double lo, double hi, double at_middle, double curvature,
                                      slope_range const& all) {
    double const off = curvature * (hi / 2 - lo / 2);
    slope_range const s = widened_slopes(at_middle - off, at_middle + off);
    return {math::max(s.least, all.least), math::min(s.most, all.most)};
}

// Op: a function of one number, which both programs apply; lo and hi are finite.
template <class Op>
constexpr slope_range slopes_of(double lo, double hi) {
    auto const is = []<class... Other>(std::type_identity<Other>...) { return (std::is_same_v<Op, Other> || ...); };
    if constexpr (std::is_same_v<Op, op::relu>)
        return {lo >= 0 ? 1.0 : 0.0, hi <= 0 ? 0.0 : 1.0};
    else if constexpr (std::is_same_v<Op, op::abs>)
        return {lo >= 0 ? 1.0 : -1.0, hi <= 0 ? -1.0 : 1.0};
    else if constexpr (is(std::type_identity<op::tanh<accurate>>{}, std::type_identity<op::tanh<fast>>{}))
        return slopes_of_wave(lo, hi, [](double x) {
            double const c = math::exp(-2 * x);  // 1 - tanh^2
            return 4 * c / ((1 + c) * (1 + c));
        });
    else if constexpr (is(std::type_identity<op::sigmoid<accurate>>{}, std::type_identity<op::sigmoid<fast>>{}))
        return slopes_of_wave(lo, hi, [](double x) {
            double const c = math::exp(-x);
            return c / ((1 + c) * (1 + c));
        });
    else if constexpr (is(std::type_identity<op::exp<accurate>>{}, std::type_identity<op::exp<fast>>{}) ||
                       std::is_same_v<Op, op::expm1>) {
        slope_range const s = widened_slopes(math::exp(lo), math::exp(hi));
        return {math::max(s.least, 0.0), s.most};
    } else if constexpr (is(std::type_identity<op::softplus<accurate>>{}, std::type_identity<op::softplus<fast>>{})) {
        slope_range const s = widened_slopes(math::sigmoid(lo), math::sigmoid(hi));
        return {math::max(s.least, 0.0), math::min(s.most, 1.0)};
    } else if constexpr (std::is_same_v<Op, op::sqrt>)
        return lo > 0x1p-900 ? widened_slopes(0.5 / math::sqrt(hi), 0.5 / math::sqrt(lo)) : slope_range{};
    else if constexpr (std::is_same_v<Op, op::rsqrt>) {
        auto const slope = [](double x) { return -0.5 / (x * math::sqrt(x)); };
        return lo > 0x1p-150 && hi < 0x1p300 ? widened_slopes(slope(lo), slope(hi)) : slope_range{};
    } else if constexpr (std::is_same_v<Op, op::whole_power<4>>)
        return math::max(-lo, hi) < 0x1p60 ? widened_slopes(4 * lo * lo * lo, 4 * hi * hi * hi) : slope_range{};
    else if constexpr (std::is_same_v<Op, op::whole_power<3>> || std::is_same_v<Op, op::whole_power<5>>) {
        constexpr bool cube = std::is_same_v<Op, op::whole_power<3>>;
        double const far = math::max(-lo, hi), near = lo > 0 ? lo : hi < 0 ? -hi : 0;
        auto const slope = [](double x) { return cube ? 3 * x * x : 5 * x * x * x * x; };
        if (!(far < 0x1p60)) return {};
        slope_range const s = widened_slopes(slope(near), slope(far));
        return {math::max(s.least, 0.0), s.most};
    } else if constexpr (std::is_same_v<Op, op::sin> || std::is_same_v<Op, op::cos>) {
        double const x = lo / 2 + hi / 2;
        return math::abs(x) < 1e9
                   ? slopes_of_curve(lo, hi, std::is_same_v<Op, op::sin> ? math::cos(x) : -math::sin(x), 1, {-1, 1})
                   : slope_range{-1, 1};
    } else if constexpr (std::is_same_v<Op, op::log>)
        return lo > 0x1p-240 ? widened_slopes(1 / hi, 1 / lo) : slope_range{};
    else if constexpr (std::is_same_v<Op, op::log1p>)
        return lo > -0.5 ? widened_slopes(1 / (1 + hi), 1 / (1 + lo)) : slope_range{};
    else {
        constexpr slope_range all = [] {
            if constexpr (requires { Op::runs(nullptr); }) {
                if constexpr (Op::arity == 1) {
                    trend const t = Op::runs(nullptr);
                    return slope_range{t.least, t.most};
                } else
                    return slope_range{};
            } else
                return slope_range{};
        }();
        [[maybe_unused]] double const x = lo / 2 + hi / 2;
        if constexpr (is(std::type_identity<op::silu<accurate>>{}, std::type_identity<op::silu<fast>>{})) {
            double const s = math::sigmoid(x);
            return slopes_of_curve(lo, hi, s + x * s * (1 - s), 0.5001, all);
        } else if constexpr (is(std::type_identity<op::gelu<accurate>>{}, std::type_identity<op::gelu<fast>>{})) {
            double const density = 0.3989422804014327 * math::exp(-x * x / 2);
            return slopes_of_curve(lo, hi, math::normal_cdf(x) + x * density, 0.7979, all);
        } else
            return all;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
