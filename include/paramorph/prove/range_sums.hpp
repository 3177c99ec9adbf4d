// How sums and products take intervals to intervals: reductions, matmul, convolutions, pooling (prove/range_rules.hpp
// says the rules). Cost: a few times that of the operation. Source: Higham 2002, "Accuracy and Stability of Numerical
// Algorithms", sections 3.1 and 4.2.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/evaluate.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/pooling.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/prove/range_math.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a rule is given: the intervals of the arguments, and room for those of the results, row-major.
template <class T>
struct range_operands : operands<interval<T>> {
    extents result_shape[max_results]{};
    // What an operation that is a walk of its own says of the values within: not all finite; perhaps NaN.
    bool *all_finite = nullptr, *no_nan = nullptr;
    // Of a scan: the steps that are done, 0 again behind the last one; does it stop behind each?
    int* scan_step = nullptr;
    bool stops_in_scans = false;
};

namespace detail {

// A sum of n intervals, or of products of two, by a program of T.
template <class T>
struct summed_range {
    double lo = 0, hi = 0, size = 0;
    int terms = 0;
    bool below = false, above = false;  // may a term be negative, positive?

    constexpr void add(double low, double high) {
        lo += low;
        hi += high;
        double const a = low < 0 ? -low : low, b = high < 0 ? -high : high;
        size += a > b ? a : b;
        below = below || low < 0;
        above = above || high > 0;
        ++terms;
    }
    // Finite numbers only: 0 times infinity would be NaN.
    constexpr void add_product(interval<T> const& x, interval<T> const& w) {
        double const a = w.lo * x.lo, b = w.lo * x.hi;
        double low = a < b ? a : b, high = a < b ? b : a;
        if (w.lo != w.hi) {
            double const c = w.hi * x.lo, d = w.hi * x.hi;
            low = math::min(low, math::min(c, d));
            high = math::max(high, math::max(c, d));
        }
        add(low, high);
    }
    // With products that may be off by a bit of the smallest subnormal number.
    constexpr interval<T> total(bool nan) const {
        constexpr double unit = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53;
        constexpr double most = double(std::numeric_limits<T>::max()),
                         least = double(std::numeric_limits<T>::denorm_min());
        double const n = terms + 2;
        // This sum's own error, in double, is at most twice as many units of 2^-53, and the products' one more.
        double const relative = n * unit / (1 - n * unit) + 3 * n * 0x1p-53;
        if (!(size < most / 4) || !(relative < 0.25)) return interval<T>::everything();
        double const error = size * (relative * (1 + 0x1p-20)) + n * least;
        double const a = terms == 0 ? 0 : rounded_outwards<T, false>(lo - error),
                     b = terms == 0 ? 0 : rounded_outwards<T, true>(hi + error);
        return {below ? a : math::max(a, 0.0), above ? b : math::min(b, 0.0), nan};
    }
};

// A product of intervals, by a program of T. A partial product of numbers below 1 may lose digits to the smallest
// subnormal number, and what it loses be multiplied by the other factors.
template <class T>
struct multiplied_range {
    interval<T> exact{1, 1};
    double size = 1;  // of the product of any of the factors, at most
    int terms = 0;
    bool finite = true, below = false;

    constexpr void add(interval<T> const& x) {
        exact.nan = exact.nan || x.nan;
        double const each = math::max(x.size(), 1.0);
        finite = finite && x.finite() && each < 0x1p900 / size;
        below = below || x.lo < 0;
        ++terms;
        if (!finite) return;
        bool const nan = exact.nan;
        exact = exact * x;
        exact.nan = nan;  // of finite factors it is a number, infinite ones on the way are multiplied again
        size *= each * (1 + 0x1p-50);
    }
    constexpr interval<T> total() const {
        constexpr double unit = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53,
                         least = double(std::numeric_limits<T>::denorm_min());
        double const n = terms + 4, relative = 2 * n * unit;
        if (!finite || !(relative < 0.25)) return interval<T>::everything();
        interval<T> const y = widened<T>(exact.lo, exact.hi, {relative, 2 * n * least * size}, exact.nan);
        return {below ? y.lo : math::max(y.lo, 0.0), y.hi, y.nan};
    }
};

template <class T>
struct known_of {
    bool finite = true, nan = false;
    constexpr known_of(interval<T> const* x, int n) {
        for (int i = 0; i < n; ++i) {
            finite = finite && x[i].finite();
            nan = nan || x[i].nan;
        }
    }
};

// Calls f(index of the argument, index of the result) for each element that a reduction combines.
template <class F>
constexpr void each_reduced(extents const& argument, int axes, F const& f) {
    int n[max_rank]{}, stride[max_rank]{}, results = 1;
    for (int k = max_rank - 1; k >= 0; --k) {
        n[k] = argument.from_end(max_rank - 1 - k);
        if (axes >> k & 1) continue;
        stride[k] = results;
        results *= n[k];
    }
    int from = 0;
    for (int i = 0; i < n[0]; ++i)
        for (int j = 0; j < n[1]; ++j)
            for (int k = 0; k < n[2]; ++k)
                for (int l = 0; l < n[3]; ++l) f(from++, i * stride[0] + j * stride[1] + k * stride[2] + l * stride[3]);
}

// What sum_of_squares leaves where a sum is too small or too large for its digits: minus the root, which may be set
// aside.
template <class T>
constexpr interval<T> with_roots(interval<T> s) {
    double const small = double(op::sum_of_squares::low<T>), large = double(op::sum_of_squares::high<T>);
    auto const minus_root = [](double x) {
        return rounded_outwards<T, false>(-(math::sqrt(x) * (1 + 0x1p-10)) -
                                          double(std::numeric_limits<T>::denorm_min()));
    };
    interval<T> const sum = s;
    constexpr double normal = double(std::numeric_limits<T>::min());
    if (sum.lo <= small) s.lo = minus_root(math::min(sum.hi, 2 * small));
    if (sum.lo <= 4 * normal * normal) s.lo = math::min(s.lo, -double(op::detail::squares_range<T>::aside) * normal);
    if (!(sum.hi < large)) {
        s.lo = math::isfinite(sum.hi) ? math::min(s.lo, minus_root(sum.hi)) : -math::infinity;
        s.hi = math::infinity;
    }
    return s;
}

template <class Op, class T>
constexpr void reduction_range(range_operands<T> const& x, int axes) {
    int const results = x.result_shape[0].size();
    if constexpr (std::is_same_v<Op, op::max> || std::is_same_v<Op, op::min>) {
        constexpr bool largest = std::is_same_v<Op, op::max>;
        double const start = largest ? -math::infinity : math::infinity;
        for (int i = 0; i < results; ++i) x.result[0][i] = {start, start};
        each_reduced(x.shape[0], axes, [&](int from, int to) {
            interval<T> const &a = x.argument[0][from], b = x.result[0][to];
            x.result[0][to] = largest ? interval<T>{math::max(a.lo, b.lo), math::max(a.hi, b.hi), a.nan || b.nan}
                                      : interval<T>{math::min(a.lo, b.lo), math::min(a.hi, b.hi), a.nan || b.nan};
        });
    } else if constexpr (std::is_same_v<Op, op::sum> || std::is_same_v<Op, op::reduce_to> ||
                         std::is_same_v<Op, op::sum_of_squares>) {
        constexpr bool squares = std::is_same_v<Op, op::sum_of_squares>;
        scratch_array<summed_range<T>> sums(results);
        scratch_array<interval<T>> known(results);
        each_reduced(x.shape[0], axes, [&](int from, int to) {
            interval<T> const a = squares ? square(x.argument[0][from]) : x.argument[0][from];
            known.data[to].nan = known.data[to].nan || a.nan;
            if (a.finite() && sums.data[to].terms >= 0)
                sums.data[to].add(a.lo, a.hi);
            else
                sums.data[to].terms = -1;  // infinite, perhaps
        });
        for (int i = 0; i < results; ++i) {
            interval<T> const sum =
                sums.data[i].terms < 0 ? interval<T>::everything() : sums.data[i].total(known.data[i].nan);
            if constexpr (squares) {
                bool const known_sum = sum.finite() && sums.data[i].terms >= 0;
                x.result[0][i] = known_sum ? with_roots(sum) : interval<T>::everything();
            } else
                x.result[0][i] = sum;
        }
    } else if constexpr (std::is_same_v<Op, op::prod>) {
        scratch_array<multiplied_range<T>> products(results);
        each_reduced(x.shape[0], axes, [&](int from, int to) { products.data[to].add(x.argument[0][from]); });
        for (int i = 0; i < results; ++i) x.result[0][i] = products.data[i].total();
    } else
        for (int i = 0; i < results; ++i) x.result[0][i] = interval<T>::everything();
}

template <class T>
constexpr void product_range(range_operands<T> const& x) {
    op::batch_of_products const p(x.shape[0], x.shape[1], x.attribute);
    known_of<T> const left(x.argument[0], x.shape[0].size()), right(x.argument[1], x.shape[1].size());
    int const ai = x.attribute.v[0] ? 1 : p.inner, ak = x.attribute.v[0] ? p.rows : 1,
              bk = x.attribute.v[1] ? 1 : p.columns, bj = x.attribute.v[1] ? p.inner : 1;
    interval<T>* to = x.result[0];
    for (int o = 0; o < p.outer; ++o)
        for (int m = 0; m < p.middle; ++m)
            for (int i = 0; i < p.rows; ++i)
                for (int j = 0; j < p.columns; ++j) {
                    interval<T> const* a = x.argument[0] + o * p.left[0] + m * p.left[1] + i * ai;
                    interval<T> const* b = x.argument[1] + o * p.right[0] + m * p.right[1] + j * bj;
                    summed_range<T> sum;
                    if (left.finite && right.finite)
                        for (int k = 0; k < p.inner; ++k) sum.add_product(a[k * ak], b[k * bk]);
                    *to++ = left.finite && right.finite ? sum.total(left.nan || right.nan) : interval<T>::everything();
                }
}

// Op: op::convolution, of images with filters; op::convolution_to_images, of results with filters.
template <class Op, class T>
constexpr void convolution_range(range_operands<T> const& x) {
    constexpr bool forward = std::is_same_v<Op, op::convolution>;
    known_of<T> const left(x.argument[0], x.shape[0].size()), right(x.argument[1], x.shape[1].size());
    int const results = x.result_shape[0].size();
    scratch_array<summed_range<T>> sums(results);
    bool const finite = left.finite && right.finite;
    if (finite) {
        op::convolving const c = Op::loops(x.shape[0], x.shape[1], x.attribute);
        c.each_run([&](int image, int filter, int result, int count) {
            for (int e = 0; e < count; ++e) {
                int const in_image = image + e * c.columns_apart(), in_result = result + e;
                sums.data[forward ? in_result : in_image].add_product(x.argument[0][forward ? in_image : in_result],
                                                                      x.argument[1][filter]);
            }
        });
    }
    for (int i = 0; i < results; ++i)
        x.result[0][i] = finite ? sums.data[i].total(left.nan || right.nan) : interval<T>::everything();
}

// The largest of each window of argument 0, where argument 1 is the same; else anything of the window of argument 1.
template <class T>
constexpr void pooled_range(range_operands<T> const& x, bool same) {
    auto const by = op::pooling_numbers::from(x.attribute);
    by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
        interval<T> y = x.argument[1][from];
        for (int k = 1; k < w.elements; ++k) {
            interval<T> const& e = x.argument[1][from + k * apart];
            y = same ? interval<T>{math::max(y.lo, e.lo), math::max(y.hi, e.hi), y.nan || e.nan} : hull(y, e);
        }
        x.result[0][to] = y;
    });
}
// Running sums: each one of the terms before it, in any order.
template <class T>
constexpr void running_range(range_operands<T> const& x) {
    int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis), n = x.shape[0].d[axis];
    bool const backward = x.attribute.v[1] != 0;
    for (int i = 0, rows = x.shape[0].size() / n; i < rows; ++i) {
        summed_range<T> sum;
        bool nan = false, finite = true;
        for (int k = 0; k < n; ++k) {
            int const at = (i / inner * n + (backward ? n - 1 - k : k)) * inner + i % inner;
            interval<T> const& e = x.argument[0][at];
            finite = finite && e.finite();
            nan = nan || e.nan;
            if (finite) sum.add(e.lo, e.hi);
            x.result[0][at] = finite ? sum.total(nan) : interval<T>::everything();
        }
    }
}
template <class T>
constexpr void mean_range(range_operands<T> const& x) {
    auto const by = op::pooling_numbers::from(x.attribute);
    by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
        summed_range<T> sum;
        bool nan = false, finite = true;
        for (int k = 0; k < w.elements; ++k) {
            interval<T> const& e = x.argument[0][from + k * apart];
            finite = finite && e.finite();
            nan = nan || e.nan;
            if (finite) sum.add(e.lo, e.hi);
        }
        // A kernel may multiply by the reciprocal instead.
        interval<T> const y = finite ? sum.total(nan) / interval<T>(w.count) : interval<T>::everything();
        x.result[0][to] = widened<T>(y.lo, y.hi, four_ulp<T>, y.nan);
    });
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
