// Intervals of numbers that a program of element type T (float or double) may compute. An interval holds the exact
// result of an operation on any numbers of its arguments, and that result rounded to T in any direction: so it holds
// whatever the compiler makes of a product and a sum, one rounding (a fused multiply-add) or two.
//
//   lo, hi   every result that is a number lies within them; an infinite one says that the result may be infinite, or
//            that nothing is known
//   nan      the result may be NaN; it is never dropped
//
// Sums, products, quotients and square roots are rounded outwards to the next number of T, and not at all where they
// are exact (Knuth's two_sum; products of two floats are exact in double; of doubles, Dekker's product decides). No
// rounding mode of the processor is set, and no result is NaN on the way: constant evaluation refuses both. T is taken
// to add, multiply, divide and root with correct rounding, subnormal numbers included, as IEEE 754 has it; what
// compilers tell of options that change that is an error here.
//
// Cost: two to ten operations of T for each one.
// Source: IEEE 1788-2015, set-based intervals; an empty interval does not occur.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/neighbours.hpp"

#if defined(__RECIPROCAL_MATH__) || __FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2
#error \
    "paramorph: proofs rest on quotients that are rounded once, and on sums and products that are rounded to their type: compile files that include paramorph/prove.hpp without -freciprocal-math and -funsafe-math-optimizations, on 32-bit x86 with -msse2 -mfpmath=sse"
#endif

namespace paramorph::inline PARAMORPH_ABI {

// What a comparison of intervals may give.
struct truth {
    bool may_hold, may_fail;
    constexpr truth operator!() const { return {may_fail, may_hold}; }
};

namespace detail {

// The next double, of a finite one; an infinity stays.
constexpr double next_double(double x, bool above) {
    return math::isfinite(x) ? next_number(x, above) : x;
}
// The least number of T that is not below x, or the largest that is not above it, as a double: what does not fit into T
// is infinite on its own side and the largest number on the other.
template <class T, bool Up>
constexpr double rounded_outwards(double x) {
    constexpr double most = double(std::numeric_limits<T>::max());
    if constexpr (sizeof(T) == sizeof(double)) return x;
    if (x > most) return Up || x == math::infinity ? math::infinity : most;
    if (x < -most) return !Up || x == -math::infinity ? -math::infinity : -most;
    if constexpr (Up)
        return not_below<T>(x);
    else
        return not_above<T>(x);
}
// A bound, from a number and the sign of what it lacks to the exact one; NaN: that is not known.
template <class T, bool Up>
constexpr double settled_bound(double x, double lacks) {
    bool const exact_enough = Up ? lacks <= 0 : lacks >= 0;
    return rounded_outwards<T, Up>(exact_enough ? x : next_double(x, Up));
}

template <class T, bool Up>
constexpr double sum_bound(double a, double b) {
    // Opposite infinities: the caller says that the result may be NaN.
    if (!math::isfinite(a)) return a == b || math::isfinite(b) ? a : Up ? math::infinity : -math::infinity;
    if (!math::isfinite(b)) return b;
    double const s = a + b;
    if (!math::isfinite(s))
        return s > 0 ? (Up ? s : std::numeric_limits<double>::max()) : (Up ? -std::numeric_limits<double>::max() : s);
    double const t = s - a;
    return settled_bound<T, Up>(s, (a - (s - t)) + (b - t));
}
// 0 times infinity is 0: the limit of what stands between; the caller says that the result may be NaN.
template <class T, bool Up>
constexpr double product_bound(double a, double b) {
    if (a == 0 || b == 0) return 0;
    if (!math::isfinite(a) || !math::isfinite(b)) return (a < 0) == (b < 0) ? math::infinity : -math::infinity;
    double const p = a * b;
    if constexpr (sizeof(T) < sizeof(double)) return rounded_outwards<T, Up>(p);
    if (!math::isfinite(p))
        return p > 0 ? (Up ? p : std::numeric_limits<double>::max()) : (Up ? -std::numeric_limits<double>::max() : p);
    // Beyond these the error of the product, or a part of its factors, may not fit.
    bool const safe = math::abs(p) > 0x1p-900 && math::abs(a) < 0x1p990 && math::abs(b) < 0x1p990;
    if (!safe) return next_double(p, Up);
    double const lacks = math::detail::two_product(a, b).lo;
    bool const sure = math::abs(lacks) > math::abs(p) * 0x1p-100;
    return sure ? settled_bound<T, Up>(p, lacks) : next_double(p, Up);
}
// b is not 0.
template <class T, bool Up>
constexpr double quotient_bound(double a, double b) {
    if (a == 0) return 0;
    bool const negative = (a < 0) != (b < 0);
    if (!math::isfinite(b)) return math::isfinite(a) ? 0 : (Up == negative ? 0 : Up ? math::infinity : -math::infinity);
    if (!math::isfinite(a)) return negative ? -math::infinity : math::infinity;
    constexpr double most = std::numeric_limits<double>::max();
    if (math::abs(b) < 1 && math::abs(a) > most * math::abs(b))
        return negative ? (Up ? -most : -math::infinity) : Up ? math::infinity : most;
    double const q = a / b;
    // Of floats, q b is exact in double where q is a float.
    if constexpr (sizeof(T) < sizeof(double))
        if (q == rounded_outwards<T, Up>(q) && q * b == a) return q;
    return rounded_outwards<T, Up>(next_double(q, Up));
}
// Of x >= 0.
template <class T, bool Up>
constexpr double root_bound(double x) {
    double const r = math::sqrt(x);
    if (x == 0 || !math::isfinite(x)) return r;
    if constexpr (sizeof(T) < sizeof(double))
        if (r == rounded_outwards<T, Up>(r) && r * r == x) return r;
    return rounded_outwards<T, Up>(next_double(r, Up));
}

}  // namespace detail

template <class T>
struct interval {
    using value_type = T;
    double lo = 0, hi = 0;
    bool nan = false;

    constexpr interval() = default;
    // A number, as a program of T has it.
    constexpr explicit interval(double x)
        : lo(math::isnan(x) ? -math::infinity : detail::rounded_outwards<T, false>(x)),
          hi(math::isnan(x) ? math::infinity : detail::rounded_outwards<T, true>(x)),
          nan(math::isnan(x)) {}
    constexpr interval(double from, double to, bool may_be_nan = false) : lo(from), hi(to), nan(may_be_nan) {}

    // Nothing is known.
    static constexpr interval everything(bool may_be_nan = true) {
        return {-math::infinity, math::infinity, may_be_nan};
    }
    constexpr bool finite() const { return math::isfinite(lo) && math::isfinite(hi); }
    constexpr bool contains(double x) const { return math::isnan(x) ? nan : lo <= x && x <= hi; }
    constexpr bool is_point() const { return lo == hi && !nan; }
    constexpr double size() const { return -lo > hi ? -lo : hi; }  // the largest magnitude
    constexpr double width() const { return finite() ? hi - lo : math::infinity; }

    friend constexpr interval hull(interval const& a, interval const& b) {
        return {a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi, a.nan || b.nan};
    }
    // What lies in both, of which it is known that they share a number.
    friend constexpr interval both(interval const& a, interval const& b) {
        interval const c{a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi, a.nan && b.nan};
        return c.lo <= c.hi ? c : interval{a.lo, a.hi, c.nan};
    }

    friend constexpr interval operator-(interval const& a) { return {-a.hi, -a.lo, a.nan}; }
    friend constexpr interval operator+(interval const& a, interval const& b) {
        bool const opposite =
            (a.hi == math::infinity && b.lo == -math::infinity) || (a.lo == -math::infinity && b.hi == math::infinity);
        return {detail::sum_bound<T, false>(a.lo, b.lo), detail::sum_bound<T, true>(a.hi, b.hi),
                a.nan || b.nan || opposite};
    }
    friend constexpr interval operator-(interval const& a, interval const& b) { return a + -b; }
    friend constexpr interval operator*(interval const& a, interval const& b) {
        auto const down = [](double x, double y) { return detail::product_bound<T, false>(x, y); };
        auto const up = [](double x, double y) { return detail::product_bound<T, true>(x, y); };
        bool const zero_times_infinity =
            (!a.finite() && b.lo <= 0 && b.hi >= 0) || (!b.finite() && a.lo <= 0 && a.hi >= 0);
        bool const nan = a.nan || b.nan || zero_times_infinity;
        if (a.lo >= 0 && b.lo >= 0) return {down(a.lo, b.lo), up(a.hi, b.hi), nan};
        return {math::min(math::min(down(a.lo, b.lo), down(a.lo, b.hi)), math::min(down(a.hi, b.lo), down(a.hi, b.hi))),
                math::max(math::max(up(a.lo, b.lo), up(a.lo, b.hi)), math::max(up(a.hi, b.lo), up(a.hi, b.hi))), nan};
    }
    // Where the divisor may be 0, of either sign, nothing is known but that.
    friend constexpr interval operator/(interval const& a, interval const& b) {
        bool const by_zero = b.lo <= 0 && b.hi >= 0, of_zero = a.lo <= 0 && a.hi >= 0;
        bool const nan = a.nan || b.nan || (by_zero && of_zero) || (!a.finite() && !b.finite());
        if (by_zero) return everything(nan);
        auto const down = [](double x, double y) { return detail::quotient_bound<T, false>(x, y); };
        auto const up = [](double x, double y) { return detail::quotient_bound<T, true>(x, y); };
        return {math::min(math::min(down(a.lo, b.lo), down(a.lo, b.hi)), math::min(down(a.hi, b.lo), down(a.hi, b.hi))),
                math::max(math::max(up(a.lo, b.lo), up(a.lo, b.hi)), math::max(up(a.hi, b.lo), up(a.hi, b.hi))), nan};
    }

    friend constexpr truth operator<(interval const& a, interval const& b) {
        return {a.lo < b.hi, a.hi >= b.lo || a.nan || b.nan};
    }
    friend constexpr truth operator<=(interval const& a, interval const& b) {
        return {a.lo <= b.hi, a.hi > b.lo || a.nan || b.nan};
    }
    friend constexpr truth operator>(interval const& a, interval const& b) { return b < a; }
    friend constexpr truth operator>=(interval const& a, interval const& b) { return b <= a; }
    friend constexpr truth operator==(interval const& a, interval const& b) {
        return {a.lo <= b.hi && b.lo <= a.hi, !(a.lo == a.hi && b.lo == b.hi && a.lo == b.lo) || a.nan || b.nan};
    }
    friend constexpr truth operator!=(interval const& a, interval const& b) { return !(a == b); }
};

// The square of an interval, which is not the product of two: its numbers are the same ones.
template <class T>
constexpr interval<T> square(interval<T> const& x) {
    double const large = x.size(), small = x.lo > 0 ? x.lo : x.hi < 0 ? -x.hi : 0;
    return {detail::product_bound<T, false>(small, small), detail::product_bound<T, true>(large, large), x.nan};
}

}  // namespace paramorph::inline PARAMORPH_ABI
