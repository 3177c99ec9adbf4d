// The mathematics of functions of one number on an interval of it: what an operation's `value` calls where it is asked
// how it runs. Beside the values that the function takes there, in exact arithmetic, it knows what its slope lies
// within, and by how much a program of T may be off, its own rounding and that of what it was computed from. A function
// of several operations is evaluated operation by operation (prove/composed_functions.hpp).
//
//   value    every value on the interval, without rounding
//   slope    every slope on it, where there is one; infinite ones claim nothing: at a jump, and where it is not known
//            which of two functions is taken. In between two ends of finite slopes the function has no jump
//   error    |computed - exact|, at most, the exact function choosing by conditions as the program does
//   open     the interval stands for its inner numbers, and a single number for what is near it on both sides: a
//            comparison with one of the ends is decided, and one of a number with itself is not. So a value at the end
//            of a cell holds the limits from both sides
//
// What may be NaN or infinite has no finite value, and nothing is claimed of it. Cost: a few evaluations for each
// operation and cell, in the compiler. Source: Moore 1966, "Interval analysis", derivatives of intervals.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/range_math.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class T>
struct function_piece {
    using value_type = T;
    using range = interval<double>;
    range value, slope{0, 0};
    double error = 0;
    bool open = false;

    constexpr function_piece() = default;
    constexpr explicit function_piece(double x) : value(x) {}
    constexpr function_piece(range const& y, range const& runs, double off) : value(y), slope(runs), error(off) {
        slope.nan = false;
        if (value.finite() && !value.nan && off <= 0x1p500) return;
        value = range::everything();
        slope = range::everything(false);
        error = 0;
    }
    static constexpr function_piece unknown() { return {range::everything(), range::everything(), 0}; }
    // The number itself, within two ends.
    static constexpr function_piece argument(double from, double to) {
        function_piece x;
        x.value = {from, to};
        x.slope = {1, 1};
        x.open = true;
        return x;
    }
    constexpr bool known() const { return value.finite() && !value.nan; }
    // What a program may compute.
    constexpr range computed() const { return known() ? widened(value, error) : value; }
    static constexpr range widened(range const& x, double by) {
        return by == 0 ? x : range{sum_bound<double, false>(x.lo, -by), sum_bound<double, true>(x.hi, by), x.nan};
    }
    // Slope times slope: 0 times what is not known is not known, but for a number that is 0 for good.
    static constexpr range times(range const& a, range const& b) {
        bool const none = (a.lo == 0 && a.hi == 0) || (b.lo == 0 && b.hi == 0);
        if (none) return {0, 0};
        if (!a.finite() || !b.finite()) {
            bool const from_zero = (a.lo <= 0 && a.hi >= 0) || (b.lo <= 0 && b.hi >= 0);
            if (from_zero) return range::everything(false);
        }
        range r = a * b;
        r.nan = false;
        return r;
    }
    static constexpr double half_ulp = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53,
                            least = double(std::numeric_limits<T>::denorm_min());
    // The rounding of a result near y, which is off by `off` without it.
    static constexpr double rounded(range const& y, double off) {
        return off + ((y.size() + off) * half_ulp + least) * (1 + 0x1p-20);
    }

    friend constexpr function_piece operator-(function_piece const& x) { return {-x.value, -x.slope, x.error}; }
    friend constexpr function_piece operator+(function_piece const& a, function_piece const& b) {
        range const y = a.value + b.value;
        return {y, a.slope + b.slope, rounded(y, (a.error + b.error) * (1 + 0x1p-40))};
    }
    friend constexpr function_piece operator-(function_piece const& a, function_piece const& b) { return a + -b; }
    friend constexpr function_piece operator*(function_piece const& a, function_piece const& b) {
        range const y = a.value * b.value;
        if (!a.known() || !b.known()) return unknown();
        double const off = (a.error * (b.value.size() + b.error) + b.error * a.value.size()) * (1 + 0x1p-40);
        return {y, times(a.slope, b.value) + times(b.slope, a.value), rounded(y, off)};
    }
    friend constexpr function_piece operator/(function_piece const& a, function_piece const& b) {
        range const by = b.computed();
        if (!a.known() || !b.known() || (by.lo <= 0 && by.hi >= 0)) return unknown();
        range const y = a.value / b.value, share = range(1) / by;
        double const off = (a.error + (y.size() + a.error * share.size()) * b.error) * share.size() * (1 + 0x1p-40);
        return {y, times(a.slope + -times(y, b.slope), share), rounded(y, off)};
    }

    static constexpr bool meet(range const& x, range const& y) { return x.lo == x.hi && y.lo == y.hi && x.lo == y.lo; }
    // a < b, or a <= b.
    static constexpr truth below(function_piece const& a, function_piece const& b, bool strictly) {
        range const x = a.computed(), y = b.computed();
        if (!a.known() || !b.known()) return {true, true};
        if (a.open || b.open) return {x.lo < y.hi || meet(x, y), x.hi > y.lo || meet(x, y)};
        return {strictly ? x.lo < y.hi : x.lo <= y.hi, strictly ? x.hi >= y.lo : x.hi > y.lo};
    }
    friend constexpr truth operator<(function_piece const& a, function_piece const& b) { return below(a, b, true); }
    friend constexpr truth operator<=(function_piece const& a, function_piece const& b) { return below(a, b, false); }
    friend constexpr truth operator>(function_piece const& a, function_piece const& b) { return below(b, a, true); }
    friend constexpr truth operator>=(function_piece const& a, function_piece const& b) { return below(b, a, false); }
    friend constexpr truth operator==(function_piece const& a, function_piece const& b) {
        range const x = a.computed(), y = b.computed();
        if (!a.known() || !b.known()) return {true, true};
        bool const open = a.open || b.open;
        bool const may_hold = open ? (x.lo < y.hi && y.lo < x.hi) || meet(x, y) : x.lo <= y.hi && y.lo <= x.hi;
        return {may_hold, open || !meet(x, y)};
    }
    friend constexpr truth operator!=(function_piece const& a, function_piece const& b) { return !(a == b); }
};

}  // namespace detail

template <class T, bool Fast = false>
struct slope_math {
    using V = detail::function_piece<T>;
    using fast_version = slope_math<T, true>;

    static constexpr V abs(V const& x) {
        range const r = x.computed();
        range const turned = r.lo >= 0 ? range(1) : r.hi <= 0 ? range(-1) : range{-1, 1};
        return x.known() ? V{R::abs(x.value), V::times(turned, x.slope), x.error} : x;
    }
    static constexpr V square(V const& x) {
        if (!x.known()) return x;
        range const y = paramorph::square(x.value);
        double const off = x.error * (2 * x.value.size() + x.error) * (1 + 0x1p-40);
        return {y, V::times(range(2) * x.value, x.slope), V::rounded(y, off)};
    }
    static constexpr V sqrt(V const& x) {
        if (!(x.computed().lo >= 0)) return V::unknown();
        return of(x, R::sqrt(x.value), half_over(R::sqrt(x.computed())), rounding);
    }
    static constexpr V rsqrt(V const& x) {
        range const r = x.computed();
        if (!(r.lo > 0)) return V::unknown();
        return of(x, R::rsqrt(x.value), -half_over(r * R::sqrt(r)), accurate);
    }
    static constexpr V exp(V const& x) {
        // Where the fast function is 0 or infinite already its error is another one.
        constexpr double low = sizeof(T) == 4 ? -87 : -708, high = sizeof(T) == 4 ? 88.3 : 709.4;
        range const r = x.computed();
        if (Fast && !(r.lo >= low && r.hi <= high)) return V::unknown();
        return of(x, R::exp(x.value), R::exp(r), graded);
    }
    static constexpr V expm1(V const& x) { return of(x, R::expm1(x.value), R::exp(x.computed()), accurate); }
    static constexpr V log(V const& x) {
        range const r = x.computed();
        return r.lo > 0 ? of(x, R::log(x.value), range(1) / r, accurate) : V::unknown();
    }
    static constexpr V log1p(V const& x) {
        range const r = range(1) + x.computed();
        return r.lo > 0 ? of(x, R::log1p(x.value), range(1) / r, accurate) : V::unknown();
    }
    static constexpr V tanh(V const& x) {
        return of(x, R::tanh(x.value),
                  bell(x.computed(), 1, 0x1p-48,
                       [](double a) {
                           double const t = math::tanh(a);
                           return 1 - t * t;
                       }),
                  graded);
    }
    static constexpr V sigmoid(V const& x) {
        return of(x, R::sigmoid(x.value),
                  bell(x.computed(), 0.25, 0x1p-50,
                       [](double a) {
                           double const s = math::sigmoid(-a);
                           return s * (1 - s);
                       }),
                  graded);
    }
    static constexpr V sigmoid(V const& x, double factor, double height) {
        V const y = V(height) * sigmoid(V(factor) * x);
        // The argument of the kernel is off by a few ulps, y sigmoid'(y) at most 0.23; its constants are rounded.
        double const off = math::abs(height) * (sizeof(T) == 4 ? 0x1p-21 : 0x1p-50);
        return {y.value, y.slope, y.error + off};
    }
    static constexpr V softplus(V const& x) { return of(x, R::softplus(x.value), R::sigmoid(x.computed()), accurate); }
    static constexpr V silu(V const& x) {
        return of(x, R::silu(x.value),
                  wave(x.computed(), 2.39935728052, 1.0998393202,
                       [](double a) {
                           double const s = math::sigmoid(a);
                           return s * (1 + a * (1 - s));
                       }),
                  graded);
    }
    static constexpr V gelu(V const& x) {
        return of(x, R::gelu(x.value),
                  wave(x.computed(), 1.41421356237, 1.1289041452,
                       [](double a) { return math::normal_cdf(a) + a * 0.3989422804014327 * math::exp(-a * a / 2); }),
                  graded);
    }
    static constexpr V erf(V const& x) {
        return of(x, R::erf(x.value),
                  bell(x.computed(), 1.1283791670955127, 0x1p-42,
                       [](double a) { return 1.1283791670955126 * math::exp(-a * a); }),
                  accurate);
    }
    static constexpr V normal_cdf(V const& x) {
        return of(x, R::normal_cdf(x.value),
                  bell(x.computed(), 0.39894228040143275, 0x1p-42,
                       [](double a) { return 0.3989422804014327 * math::exp(-a * a / 2); }),
                  graded);
    }
    static constexpr V sin(V const& x) { return of(x, R::sin(x.value), R::cos(x.computed()), accurate); }
    static constexpr V cos(V const& x) { return of(x, R::cos(x.value), -R::sin(x.computed()), accurate); }
    static constexpr V pow(V const& x, double p) {
        return of(x, R::pow(x.value, p), range(p) * R::pow(x.computed(), p - 1), accurate);
    }

    static constexpr V min(V const& a, V const& b) { return -max(-a, -b); }
    static constexpr V max(V const& a, V const& b) {
        truth const c = a >= b;
        if (!c.may_fail) return a;
        if (!c.may_hold) return b;
        range const y{math::max(a.value.lo, b.value.lo), math::max(a.value.hi, b.value.hi)};
        return {a.known() && b.known() ? y : range::everything(), hull(a.slope, b.slope), math::max(a.error, b.error)};
    }
    static constexpr V where(truth c, V const& a, V const& b) {
        if (!c.may_fail) return a;
        if (!c.may_hold) return b;
        return {hull(a.value, b.value), range::everything(false), math::max(a.error, b.error)};
    }
    static constexpr V where_or_zero(truth c, V const& x) { return where(c, x, V(0)); }
    static constexpr V fma(V const& a, V const& b, V const& c) { return a * b + c; }

  private:
    using range = interval<double>;
    using R = range_math<double>;
    using error_type = detail::error_of_function;
    static constexpr error_type accurate = detail::four_ulp<T>, graded = Fast ? detail::fast_error : accurate,
                                rounding{V::half_ulp, V::least};

    // A function of x: its values, its slopes wherever x is computed, its own error.
    static constexpr V of(V const& x, range const& y, range const& slope, error_type const& own) {
        if (!x.known()) return V::unknown();
        double const from = x.error == 0 ? 0 : x.error * slope.size();
        return {y, V::times(slope, x.slope), (from + (y.size() + from) * own.relative + own.absolute) * (1 + 0x1p-40)};
    }
    // 1 / (2 x), of x >= 0.
    static constexpr range half_over(range const& x) {
        if (x.lo > 0) return range(0.5) / x;
        return {x.hi > 0 ? (range(0.5) / range(x.hi)).lo : 0, math::infinity};
    }
    // A slope that falls to both sides of 0, where it is `most`; f is off by at most `off`.
    template <class F>
    static constexpr range bell(range const& x, double most, double off, F const& f) {
        double const near = x.lo > 0 ? x.lo : x.hi < 0 ? -x.hi : 0, far = x.size();
        if (!x.finite()) return {0, most};
        return {math::max(f(far) - off, 0.0), math::min(f(near) + off, most)};
    }
    // A slope that rises from -at to at, from 1 - most to `most`, and falls outside of them.
    template <class F>
    static constexpr range wave(range const& x, double at, double most, F const& f) {
        if (!x.finite() || x.size() > 1e4) return {1 - most - 1e-9, most + 1e-9};
        double const a = f(x.lo), b = f(x.hi), off = 1e-10;
        bool const crest = x.lo <= at + 1e-6 && x.hi >= at - 1e-6, trough = x.lo <= -at + 1e-6 && x.hi >= -at - 1e-6;
        return {(trough ? 1 - most : math::min(a, b)) - off, (crest ? most : math::max(a, b)) + off};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI
