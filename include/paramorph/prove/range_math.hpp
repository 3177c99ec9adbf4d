// The mathematics of intervals: what an operation's `value` calls where its arguments are intervals. Each function
// holds what the kernels' vectors and scalars make of any number of its argument: the true value within the bound that
// is stated for the kernel, 4 ulp (op/), or what kernel/math/fast.hpp states where `Fast`. Ends are evaluated in double
// and widened by that bound, by 2 ulp of double for this library's own functions, and outwards to T.
//
// silu and gelu fall to their minimum and rise from there on; sin and cos have their extrema where the interval holds
// one; all others are monotone. The results of exp, sigmoid, tanh, softplus and sqrt do not leave [0, inf], [0, 1],
// [-1, 1], [0, inf] and [0, inf]: those are the ranges of the quotients and products they are made of, rounded; powers
// of numbers that are not negative, and even ones, are not negative. Cost: a
// few evaluations in double for each end. Source: IEEE 1788-2015.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/interval.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// An error that is at most `relative` |y| + `absolute` for every result y.
struct error_of_function {
    double relative, absolute;
};
template <class T>
inline constexpr error_of_function four_ulp =
    sizeof(T) == sizeof(float) ? error_of_function{0x1.001p-21, 0x1p-147} : error_of_function{0x1p-49, 0x1p-1071};
// Beyond the arguments for which the fast functions state a relative error they stay below the absolute one.
inline constexpr error_of_function fast_error{0x1.001p-15, 0x1p-115};

template <class T>
constexpr interval<T> widened(double lo, double hi, error_of_function e, bool nan) {
    double const a = math::isfinite(lo) ? lo - (math::abs(lo) * e.relative + e.absolute) : lo;
    double const b = math::isfinite(hi) ? hi + (math::abs(hi) * e.relative + e.absolute) : hi;
    return {rounded_outwards<T, false>(a), rounded_outwards<T, true>(b), nan};
}
template <class T>
constexpr interval<T> clipped(interval<T> x, double lo, double hi) {
    return {math::min(math::max(x.lo, lo), hi), math::max(math::min(x.hi, hi), lo), x.nan};
}

}  // namespace detail

template <class T, bool Fast = false>
struct range_math {
    using V = interval<T>;
    using fast_version = range_math<T, true>;

    static constexpr V abs(V const& x) { return {x.lo > 0 ? x.lo : x.hi < 0 ? -x.hi : 0, x.size(), x.nan}; }
    static constexpr V sqrt(V const& x) {
        if (x.hi < 0) return V::everything();
        double const lo = x.lo > 0 ? x.lo : 0;
        return {detail::root_bound<T, false>(lo), detail::root_bound<T, true>(x.hi > 0 ? x.hi : 0), x.nan || x.lo < 0};
    }
    // Of a zero it is infinite with the sign of the zero.
    static constexpr V rsqrt(V const& x) {
        if (x.lo <= 0) return V::everything(x.nan || x.lo < 0);
        return decreasing(x, [](double a) { return a == math::infinity ? 0.0 : 1 / math::sqrt(a); }, accurate);
    }
    static constexpr V exp(V const& x) {
        if constexpr (Fast) {
            // Near the ends of its range a result may be 0 or infinite already.
            constexpr double least = sizeof(T) == 4 ? -87 : -708, most = sizeof(T) == 4 ? 88.3 : 709.4;
            V const y = increasing(
                {math::min(x.lo, most), math::max(math::min(x.hi, most), least), x.nan},
                [](double a) { return math::exp(a); }, graded);
            return {x.lo < least ? 0 : math::max(y.lo, 0.0), x.hi > most ? math::infinity : y.hi, x.nan};
        } else {
            V const y = increasing(x, [](double a) { return math::exp(a); }, graded);
            return {math::max(y.lo, 0.0), y.hi, y.nan};
        }
    }
    static constexpr V expm1(V const& x) {
        return increasing(x, [](double a) { return math::expm1(a); }, accurate);
    }
    static constexpr V log(V const& x) {
        if (x.hi < 0) return V::everything();
        return increasing(
            {math::max(x.lo, 0.0), x.hi, x.nan || x.lo < 0}, [](double a) { return math::log(a); }, accurate);
    }
    static constexpr V log1p(V const& x) {
        if (x.hi < -1) return V::everything();
        return increasing(
            {math::max(x.lo, -1.0), x.hi, x.nan || x.lo < -1}, [](double a) { return math::log1p(a); }, accurate);
    }
    static constexpr V tanh(V const& x) {
        return detail::clipped(increasing(x, [](double a) { return math::tanh(a); }, graded), -1, 1);
    }
    static constexpr V sigmoid(V const& x) {
        return detail::clipped(increasing(x, [](double a) { return math::sigmoid(a); }, graded), 0, 1);
    }
    // The kernel's constants hold the factor and the height: each is one rounding, the former of a number that may be
    // as large as 128 before it is raised to a power.
    static constexpr V sigmoid(V const& x, double factor, double height) {
        detail::error_of_function const of_argument{sizeof(T) == 4 ? 0x1p-20 : 0x1p-49, 0};
        double const a = scaled(x.lo, factor), b = scaled(x.hi, factor);
        V const y = sigmoid(detail::widened<T>(math::min(a, b), math::max(a, b), of_argument, x.nan));
        double const c = y.lo * height, d = y.hi * height;
        return detail::widened<T>(math::min(c, d), math::max(c, d), detail::four_ulp<T>, y.nan);
    }
    static constexpr V softplus(V const& x) {
        V const y = increasing(x, [](double a) { return math::softplus(a); }, accurate);
        return {math::max(y.lo, 0.0), y.hi, y.nan};
    }
    static constexpr V silu(V const& x) {
        return falling_and_rising(x, [](double a) { return math::silu(a); }, -1.2784645427610738, -0.27846454276107380);
    }
    static constexpr V gelu(V const& x) {
        return falling_and_rising(x, [](double a) { return math::gelu(a); }, -0.75179152757, -0.16997120747990369);
    }
    static constexpr V erf(V const& x) {
        return increasing(x, [](double a) { return math::erf(a); }, accurate);
    }
    static constexpr V normal_cdf(V const& x) {
        return increasing(x, [](double a) { return math::normal_cdf(a); }, graded);
    }
    static constexpr V sin(V const& x) {
        return wave(x, [](double a) { return math::sin(a); }, 0.25);
    }
    static constexpr V cos(V const& x) {
        return wave(x, [](double a) { return math::cos(a); }, 0);
    }
    static constexpr V pow(V const& x, double p) {
        auto const f = [p](double a) { return math::pow(a, p); };
        bool const whole = math::floor(p) == p, odd = whole && math::floor(p / 2) * 2 != p;
        auto const not_below_zero = [](V const& y) { return V{math::max(y.lo, 0.0), y.hi, y.nan}; };
        if (x.lo > 0) return not_below_zero(p >= 0 ? increasing(x, f, accurate) : decreasing(x, f, accurate));
        if (p < 0 || (!whole && x.hi < 0)) return V::everything();
        if (!whole) {
            V const y = not_below_zero(increasing({0, x.hi, x.nan || x.lo < 0}, f, accurate));
            return x.lo == -math::infinity ? V{y.lo, math::infinity, y.nan} : y;  // of -infinity it is infinity
        }
        if (odd) return increasing(x, f, accurate);
        return not_below_zero(increasing(abs(x), f, accurate));
    }

    // As `minsd` and `maxsd`: b where either is not a number.
    static constexpr V min(V const& a, V const& b) {
        return {math::min(a.lo, b.lo), a.nan ? b.hi : math::min(a.hi, b.hi), b.nan};
    }
    static constexpr V max(V const& a, V const& b) {
        return {a.nan ? b.lo : math::max(a.lo, b.lo), math::max(a.hi, b.hi), b.nan};
    }
    static constexpr V where(truth c, V const& a, V const& b) { return !c.may_fail ? a : !c.may_hold ? b : hull(a, b); }
    static constexpr V where_or_zero(truth c, V const& x) { return where(c, x, V(0)); }
    static constexpr V fma(V const& a, V const& b, V const& c) { return a * b + c; }

  private:
    static constexpr detail::error_of_function accurate = detail::four_ulp<T>,
                                               graded = Fast ? detail::fast_error : detail::four_ulp<T>;
    template <class F>
    static constexpr V increasing(V const& x, F const& f, detail::error_of_function e) {
        return detail::widened<T>(f(x.lo), f(x.hi), e, x.nan);
    }
    template <class F>
    static constexpr V decreasing(V const& x, F const& f, detail::error_of_function e) {
        return detail::widened<T>(f(x.hi), f(x.lo), e, x.nan);
    }
    // Falls down to `least`, at x = `at` (to ten digits), and rises from there on.
    template <class F>
    static constexpr V falling_and_rising(V const& x, F const& f, double at, double least) {
        double const a = f(x.lo), b = f(x.hi), high = math::max(a, b);
        double const low = x.hi < at - 1e-8 ? b : x.lo > at + 1e-8 ? a : least;
        return detail::widened<T>(low, high, graded, x.nan);
    }
    // A wave of height 1 whose crests are at (n + crest) 2 pi, its troughs half a turn behind them.
    template <class F>
    static constexpr V wave(V const& x, F const& f, double crest) {
        constexpr double turn = 6.283185307179586;
        bool const nan = x.nan || !x.finite();
        if (!(x.size() < 1e9) || x.hi - x.lo >= turn) return detail::widened<T>(-1, 1, accurate, nan);
        double const a = f(x.lo), b = f(x.hi), slack = 1e-14 * (1 + x.size());
        auto const holds = [&](double place) {  // one of n + place, in turns
            return math::floor((x.hi + slack) / turn - place) != math::floor((x.lo - slack) / turn - place);
        };
        return detail::widened<T>(holds(crest + 0.5) ? -1 : math::min(a, b), holds(crest) ? 1 : math::max(a, b),
                                  accurate, nan);
    }
    // x times a number, within double.
    static constexpr double scaled(double x, double factor) {
        return math::isfinite(x) ? x * factor : (x < 0) == (factor < 0) ? math::infinity : -math::infinity;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI
