// More of what the difference of two programs is made of (prove/difference_rules.hpp), for functions in pieces, powers
// and normalizations:
//
//   error_times_slope<F>      f(a + e) - f(a) of a function f of one number and of two that both programs share: e
//                             times a slope that f has between the two
//   difference_of_deviation   the same of 1 / sqrt(share s + epsilon), of sums of squares s
//   rounding_of_squares       of a sum of squares, whatever it is stored as (op/sum_of_squares.hpp)
//   rounding_of_running_sum   of each sum of the terms before
//   between_rows_of_one       the error of x / sqrt(share sum(x^2) + epsilon): neither is longer than the root of
//                             1 / share
//
// Cost: a few interval operations for each element, where a difference is asked for; no program runs them. Source:
// prove/difference_rules.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/difference_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Slopes between two numbers lo and hi, of functions with two numbers p and q.
struct slopes_of_clamp {
    // p and q: the bounds, the lower one first.
    template <class T>
    static constexpr slope_range of(double lo, double hi, interval<T> const& p, interval<T> const& q) {
        return {lo >= p.hi && hi <= q.lo ? 1.0 : 0.0, hi <= p.lo || lo >= q.hi ? 0.0 : 1.0};
    }
};
struct slopes_of_elu {
    // p: by what exp(x) - 1 is multiplied.
    template <class T>
    static constexpr slope_range of(double lo, double hi, interval<T> const& p, interval<T> const&) {
        if (lo >= 0) return {1, 1};
        double const a = math::exp(lo), b = math::exp(math::min(hi, 0.0));
        slope_range const below = widened_slopes(math::min(p.lo * a, p.lo * b), math::max(p.hi * a, p.hi * b));
        return hi <= 0 ? below : slope_range{math::min(below.least, 1.0), math::max(below.most, 1.0)};
    }
};
struct slopes_of_two {
    // p and q: the slopes of numbers above and below 0, where the function is 0.
    template <class T>
    static constexpr slope_range of(double lo, double hi, interval<T> const& p, interval<T> const& q) {
        if (lo >= 0) return {p.lo, p.hi};
        if (hi <= 0) return {q.lo, q.hi};
        return {math::min(p.lo, q.lo), math::max(p.hi, q.hi)};
    }
};

}  // namespace detail

namespace op {

// Arguments: a, e, and the two numbers.
template <class Slopes>
struct error_times_slope : elementwise<error_times_slope<Slopes>, 4> {
    static constexpr std::string_view name = "difference of a function";
    static constexpr int lines_along = 1;  // the error

    template <class M, class V>
    static constexpr V value(V a, V e, V p, V q) {
        if constexpr (!requires { a.lo; })
            return a * p + e * q;
        else {
            if (!a.finite() || !e.finite() || !p.finite() || !q.finite()) return V::everything();
            return paramorph::detail::times_slopes(slopes(a, e, p, q), e, a.nan || e.nan);
        }
    }
    // Of the arguments' intervals, finite ones.
    template <class T>
    static constexpr paramorph::detail::lines error_lines(interval<T> const* x) {
        return slopes(x[0], x[1], x[2], x[3]).lines(x[1].lo, x[1].hi);
    }

  private:
    template <class T>
    static constexpr auto slopes(interval<T> const& a, interval<T> const& e, interval<T> const& p,
                                 interval<T> const& q) {
        paramorph::detail::both_ends const at(a, e);
        return Slopes::of(at.lo, at.hi, p, q);
    }
};

// Arguments: the sum of squares of one program, by how much that of the other one is larger, as numbers whatever they
// are stored as; share and epsilon of op::inverse_deviation.
struct difference_of_deviation : elementwise<difference_of_deviation, 4> {
    static constexpr std::string_view name = "difference of a deviation";
    static constexpr int lines_along = 1;

    template <class M, class V>
    static constexpr V value(V s, V e, V share, V epsilon) {
        if constexpr (!requires { s.lo; })
            return s * share + e * epsilon;
        else {
            using T = typename V::value_type;
            using namespace paramorph::detail;
            if (!knows(s, e, share, epsilon)) return V::everything();
            both_ends const at = ends(s, e);
            // Whatever the error of the sum, both are between the least and the largest.
            double const most = inverse(at.lo, share.lo, epsilon.lo), least = inverse(at.hi, share.hi, epsilon.hi),
                         off = most - least + most * 0x1p-40;
            V const bent = times_slopes(slopes(at, share, epsilon), e, s.nan || e.nan);
            return both(bent, V{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), bent.nan});
        }
    }
    template <class T>
    static constexpr paramorph::detail::lines error_lines(interval<T> const* x) {
        if (!knows(x[0], x[1], x[2], x[3])) return {};
        return slopes(ends(x[0], x[1]), x[2], x[3]).lines(x[1].lo, x[1].hi);
    }

  private:
    template <class T>
    static constexpr bool knows(interval<T> const& s, interval<T> const& e, interval<T> const& share,
                                interval<T> const& epsilon) {
        return s.finite() && e.finite() && share.lo >= 0 && share.hi <= 1 && epsilon.finite() &&
               epsilon.lo >= paramorph::detail::least_epsilon;
    }
    // A sum that is not stored as such is not negative, and not larger than others may be.
    template <class T>
    static constexpr paramorph::detail::both_ends ends(interval<T> const& s, interval<T> const& e) {
        paramorph::detail::both_ends at(interval<T>{math::max(s.lo, 0.0), math::max(s.hi, 0.0)}, e);
        at.lo = math::max(at.lo, 0.0);
        at.hi = math::max(at.hi, at.lo);
        return at;
    }
    static constexpr double inverse(double s, double share, double epsilon) {
        return 1 / math::sqrt(s * share + epsilon);
    }
    // -share / 2 (share s + epsilon)^(-3/2), which rises.
    template <class T>
    static constexpr auto slopes(paramorph::detail::both_ends const& at, interval<T> const& share,
                                 interval<T> const& epsilon) {
        auto const slope = [&](double s, double of_share, double of_epsilon, double times) {
            double const square = s * of_share + of_epsilon;
            return -0.5 * times / (square * math::sqrt(square));
        };
        auto const found = paramorph::detail::widened_slopes(slope(at.lo, share.lo, epsilon.lo, share.hi),
                                                             slope(at.hi, share.hi, epsilon.hi, share.lo));
        return paramorph::detail::slope_range{found.least, math::min(found.most, 0.0)};
    }
};

// Arguments: the rows of one program, their error in the other one (a single number where there is none). Attributes:
// those of sum_of_squares. Result: by how much both round; unknown where a sum may not fit.
struct rounding_of_squares : dense<rounding_of_squares, 2> {
    static constexpr std::string_view name = "rounding of squares";
    static constexpr bool of_sizes = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return sum_of_squares::shape(a, at, result);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        int const count = x.shape[0].size(), results = x.result_shape[0].size();
        bool const single = x.shape[1].size() != count;
        scratch_array<double> size(results);
        bool known = true, nan = false;
        for (int i = 0; i < count; ++i) {
            interval<T> const &a = x.argument[0][i], &e = x.argument[1][single ? 0 : i];
            known = known && a.finite() && e.finite();
            nan = nan || a.nan || e.nan;
        }
        if (known)
            each_reduced(x.shape[0], sum_of_squares::mask(x.shape[0], x.attribute), [&](int from, int to) {
                double const a = x.argument[0][from].size(), b = a + x.argument[1][single ? 0 : from].size();
                size.data[to] += a * a + b * b;
            });
        // Of what is computed again, scaled, a few more.
        double const n = double(count) / (results > 0 ? results : 1) + 8,
                     relative = n * unit_of<T> / (1 - n * unit_of<T>);
        for (int i = 0; i < results; ++i) {
            double const off = (2 * size.data[i] * relative + 2 * n * least_of<T>)*(1 + 0x1p-10);
            x.result[0][i] = known && relative < 0.25 && size.data[i] < double(std::numeric_limits<T>::max()) / 4
                                 ? interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), nan}
                                 : interval<T>::everything();
        }
    }
};

// As rounding_of_sum, of running sums: the terms of one program, their errors. Attributes: those of cumsum.
struct rounding_of_running_sum : dense<rounding_of_running_sum, 2> {
    static constexpr std::string_view name = "rounding of running sums";
    static constexpr bool of_sizes = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        rows_of_sums const rows(x.shape[0], x.attribute);
        int const n = rows.length;
        double const relative = (n + 4) * unit_of<T> / (1 - (n + 4) * unit_of<T>);
        for (int i = 0; i < rows.count; ++i) {
            double size = 0;
            bool known = relative < 0.25, nan = false;
            for (int k = 0; k < n; ++k) {
                int const at = rows.place(i, k);
                interval<T> const &a = x.argument[0][at], &e = x.argument[1][at];
                known = known && a.finite() && e.finite();
                nan = nan || a.nan || e.nan;
                if (known) size += a.size() + e.size();
                double const off = 2 * (size * relative + (n + 4) * least_of<T>)*(1 + 0x1p-10);
                x.result[0][at] =
                    known && off < double(std::numeric_limits<T>::max()) / 4
                        ? interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), nan}
                        : interval<T>::everything();
            }
        }
    }
};

// Arguments: what one program makes of an element, its error in the other one, share, how many elements a row has.
struct between_rows_of_one : elementwise<between_rows_of_one, 4> {
    static constexpr std::string_view name = "difference of rows of one length";
    static constexpr int lines_along = 1;

    template <class M, class V>
    static constexpr V value(V y, V e, V share, V terms) {
        if constexpr (!requires { y.lo; })
            return y * share + e * terms;
        else {
            using T = typename V::value_type;
            using namespace paramorph::detail;
            double const most = (1 + (terms.hi + 64) * 2 * unit_of<T>) / math::sqrt(share.lo) * (1 + 0x1p-40);
            return both(e, V{rounded_outwards<T, false>(-most - math::min(y.hi, most)),
                             rounded_outwards<T, true>(most - math::max(y.lo, -most)), e.nan});
        }
    }
    template <class T>
    static constexpr paramorph::detail::lines error_lines(interval<T> const*) {
        return paramorph::detail::lines::exact(1);
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
