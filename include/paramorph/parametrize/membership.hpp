// What membership in a set is decided by: conditions on the row-major elements of a tensor, in constant evaluation or
// at run time. Everything is computed in double. Elements that are not finite fail every condition. No intermediate
// overflows, so that constant evaluation gives an answer whatever the elements are.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/core/shape.hpp"
#include "paramorph/core/svd.hpp"

namespace paramorph::inline PARAMORPH_ABI::membership {

// Numbers with the lifetime of one question.
template <class T>
struct scratch {
    static constexpr int room = 128;  // of small tensors: nothing is allocated for these
    T inside[room]{};
    T* data;
    constexpr explicit scratch(int n) : data(n <= room ? inside : new T[static_cast<std::size_t>(n)]{}) {}
    constexpr ~scratch() {
        if (data != inside) delete[] data;
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
};

// |a - b| <= tolerance, without overflow.
constexpr bool near(double a, double b, double tolerance) {
    return a <= b + tolerance && b <= a + tolerance;
}

// Is every element finite, and does f(element) hold?
template <class T>
constexpr bool every(T const* x, extents const& shape, auto f) {
    for (int i = 0; i < shape.size(); ++i)
        if (double const e = static_cast<double>(x[i]); !math::isfinite(e) || !f(e)) return false;
    return true;
}
template <class T>
constexpr bool finite(T const* x, extents const& shape) {
    return every(x, shape, [](double) { return true; });
}

// The largest magnitude of an element.
template <class T>
constexpr double largest_element(T const* x, extents const& shape) {
    double largest = 0;
    for (int i = 0; i < shape.size(); ++i) largest = math::max(largest, math::abs(static_cast<double>(x[i])));
    return largest;
}

// No element is beyond -1 or 1: so it is wherever a norm is 1, and then squares are safe to add.
template <class T>
constexpr bool within_one(T const* x, extents const& shape, double tolerance) {
    return every(x, shape, [=](double e) { return near(e, 0, 1 + tolerance); });
}

constexpr bool is_square(extents const& s) {
    return s.rank >= 2 && s.from_end(0) == s.from_end(1);
}
// The matrix of the first axis and all others.
constexpr extents as_matrix(extents const& s) {
    return s.rank > 2 ? extents{2, {s.d[0], s.size() / s.d[0]}} : s;
}
// A stack of matrices, over the last two axes: is every element finite, and does f(a, rows, columns) hold for each
// matrix? a(i, j) is an element.
template <class T>
constexpr bool every_matrix(T const* x, extents const& shape, auto f) {
    if (shape.rank < 2 || !finite(x, shape)) return false;
    int const rows = shape.from_end(1), columns = shape.from_end(0);
    for (int at = 0; at < shape.size(); at += rows * columns) {
        auto const a = [from = x + at, columns](int i, int j) { return static_cast<double>(from[i * columns + j]); };
        if (!f(a, rows, columns)) return false;
    }
    return true;
}
// What a tolerance allows where the largest of the numbers is this one: as much, and less of small numbers, so that
// they are judged as if they were of the size of 1.
constexpr double allowed_of(double tolerance, double largest) {
    return tolerance * math::min(1.0, largest);
}

// Conditions with a number that a family of sets has, at least, at most, in an interval; the tolerance is that of the
// number.
template <class T>
constexpr bool at_least(T const* x, extents const& shape, double low, double tolerance) {
    double const least = low - allowed_of(tolerance, math::abs(low));
    return every(x, shape, [=](double e) { return e >= least; });
}
template <class T>
constexpr bool at_most(T const* x, extents const& shape, double high, double tolerance) {
    double const most = high + allowed_of(tolerance, math::abs(high));
    return every(x, shape, [=](double e) { return e <= most; });
}
template <class T>
constexpr bool in_interval(T const* x, extents const& shape, double low, double high, double tolerance) {
    double const allowed = allowed_of(tolerance, math::max(math::abs(low), math::abs(high)));
    return every(x, shape, [=](double e) { return e >= low - allowed && e <= high + allowed; });
}

constexpr double largest_magnitude(auto const& a, int rows, int columns) {
    double largest = 0;
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) largest = math::max(largest, math::abs(a(i, j)));
    return largest;
}
// The same for pairs (i, j): f(a, i, j, allowed), where `allowed` is what the tolerance allows of the matrix.
template <class T>
constexpr bool every_place(T const* x, extents const& shape, double tolerance, auto f) {
    return every_matrix(x, shape, [&](auto const& a, int rows, int columns) {
        double const allowed = allowed_of(tolerance, largest_magnitude(a, rows, columns));
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j)
                if (!f(a, i, j, allowed)) return false;
        return true;
    });
}
// Is every element 0 whose place satisfies where(i, j)?
template <class T>
constexpr bool vanishes(T const* x, extents const& shape, double tolerance, auto where) {
    return every_place(x, shape, tolerance, [=](auto const& a, int i, int j, double allowed) {
        return !where(i, j) || near(a(i, j), 0, allowed);
    });
}
// Rows along the last axis: is every element finite, and does f(row, n) hold for each? row(i) is an element.
template <class T>
constexpr bool every_row(T const* x, extents const& shape, auto f) {
    if (shape.rank < 1 || !finite(x, shape)) return false;
    int const n = shape.from_end(0);
    for (int at = 0; at < shape.size(); at += n)
        if (!f([from = x + at](int i) { return static_cast<double>(from[i]); }, n)) return false;
    return true;
}

// Is the norm of the n numbers x(i), none beyond 1, equal to 1?
constexpr bool has_unit_norm(auto const& x, int n, double tolerance) {
    double total = 0;
    for (int i = 0; i < n; ++i) total += x(i) * x(i);
    return near(math::sqrt(total), 1, tolerance);
}

// The norm of the n numbers x(i), divided by `unit`, without overflow on the way; infinity where it does not fit.
constexpr double length_of(auto const& x, int n, double unit) {
    double largest = 0, total = 0;
    for (int i = 0; i < n; ++i) largest = math::max(largest, math::abs(x(i)));
    if (largest == 0) return 0;
    for (int i = 0; i < n; ++i) total += (x(i) / largest) * (x(i) / largest);
    // The quotient may not fit in constant evaluation, which then would not end.
    if (unit < 1 && largest > std::numeric_limits<double>::max() * unit) return std::numeric_limits<double>::infinity();
    double const scale = largest / unit, root = math::sqrt(total);
    return scale > std::numeric_limits<double>::max() / root ? std::numeric_limits<double>::infinity() : scale * root;
}

// Are the columns orthonormal, or the rows of a matrix that is wider than tall? No element is beyond 1.
constexpr bool has_orthonormal_frame(auto const& a, int rows, int columns, double tolerance) {
    bool const wide = columns > rows;
    int const count = wide ? rows : columns, length = wide ? columns : rows;
    for (int p = 0; p < count; ++p)
        for (int q = p; q < count; ++q) {
            double product = 0;
            for (int k = 0; k < length; ++k) product += wide ? a(p, k) * a(q, k) : a(k, p) * a(k, q);
            if (!near(product, p == q ? 1 : 0, tolerance)) return false;
        }
    return true;
}

// Is the determinant of a well-conditioned matrix positive? By LU.
constexpr bool has_positive_determinant(auto const& a, int n) {
    scratch<double> lu(n * n);
    scratch<std::int32_t> from(n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) lu.data[i * n + j] = a(i, j);
    if (!linalg::lu_factor(lu.data, lu.data, from.data, n)) return false;
    bool negative = false;
    for (int i = 0; i < n; ++i) {
        negative = negative != (lu.data[i * n + i] < 0);
        for (int j = i + 1; j < n; ++j)
            negative = negative != (from.data[i] > from.data[j]);  // the permutation's parity
    }
    return !negative;
}

// Do all eigenvalues of a symmetric matrix exceed `bound`? Of a + margin I, where the margin is what rounding in T can
// have changed. By Cholesky's factorization of a - bound I.
template <class T>
constexpr bool eigenvalues_exceed(auto const& a, int n, double bound, double roundings) {
    double const scale = largest_magnitude(a, n, n);
    if (scale == 0) return bound < 0 || (bound == 0 && roundings < 0);
    if (-bound > n * scale) return true;
    double const shift = bound / scale + roundings * n * static_cast<double>(std::numeric_limits<T>::epsilon());
    scratch<double> l(n * n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) {
            double rest = a(i, j) / scale - (i == j ? shift : 0);
            for (int k = 0; k < j; ++k) rest -= l.data[i * n + k] * l.data[j * n + k];
            if (i == j && !(rest > 0)) return false;
            l.data[i * n + j] = i == j ? math::sqrt(rest) : rest / l.data[j * n + j];
        }
    return true;
}

// Is a symmetric matrix positive definite, whatever scales its rows and columns have? Scaled to a diagonal of ones, its
// pivots must exceed what rounding in T can have changed in them.
template <class T>
constexpr bool is_positive_definite(auto const& a, int n) {
    scratch<double> root(n), scaled(n * n);
    for (int i = 0; i < n; ++i) {
        if (!(a(i, i) > 0)) return false;
        root.data[i] = math::sqrt(a(i, i));
    }
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            scaled.data[i * n + j] = i == j ? 1 : a(i, j) / root.data[i] / root.data[j];
            // Of two numbers the product of the roots bounds the element between them.
            if (!near(scaled.data[i * n + j], 0, 1)) return false;
        }
    return eigenvalues_exceed<T>([&](int i, int j) { return scaled.data[i * n + j]; }, n, 0, 1);
}

// Singular value number k, counted from 0 at the largest, and the error that rounding in T may have made in it; -1
// where it is not found.
struct singular_value {
    double value, rounding;
};
template <class T>
constexpr singular_value find_singular_value(auto const& a, int rows, int columns, int k) {
    int const count = rows < columns ? rows : columns, longer = rows < columns ? columns : rows;
    if (k >= count) return {0, 0};
    scratch<double> matrix(rows * columns), u(rows * count), s(count), vh(count * columns);
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) matrix.data[i * columns + j] = a(i, j);
    if (!linalg::svd(matrix.data, u.data, s.data, vh.data, rows, columns)) return {-1, 0};
    return {s.data[k], s.data[0] * longer * static_cast<double>(std::numeric_limits<T>::epsilon())};
}
// Are the singular values beyond the k largest 0?
template <class T>
constexpr bool rank_at_most(T const* x, extents const& shape, int k, double tolerance) {
    return every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
        auto const next = find_singular_value<T>(a, rows, columns, k);
        return next.value >= 0 &&
               next.value <= allowed_of(tolerance, largest_magnitude(a, rows, columns)) + next.rounding;
    });
}

// log |det a|, and the error that rounding in T may have made in it; of a singular matrix the error is infinite.
template <class T>
constexpr singular_value find_log_determinant(auto const& a, int n) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    scratch<double> matrix(n * n), u(n * n), s(n), vh(n * n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) matrix.data[i * n + j] = a(i, j);
    if (!linalg::svd(matrix.data, u.data, s.data, vh.data, n, n)) return {0, infinity};
    double const rounding = n * static_cast<double>(std::numeric_limits<T>::epsilon()) * s.data[0];
    singular_value log{0, 0};
    for (int i = 0; i < n; ++i) {
        if (!(s.data[i] > rounding)) return {0, infinity};
        log.value += math::log(s.data[i]);
        log.rounding += rounding / s.data[i];
    }
    return log;
}

// Is the spectral radius of a less than 1? Squares of squares become small then, or large; a is overwritten.
constexpr bool powers_vanish(double* a, int n) {
    scratch<double> square(n * n);
    for (int doubling = 0; doubling < 60; ++doubling) {
        double norm = 0;
        for (int i = 0; i < n; ++i) {
            double row = 0;
            for (int j = 0; j < n; ++j) row += math::abs(a[i * n + j]);
            norm = math::max(norm, row);
        }
        if (norm < 1) return true;
        if (!(norm < 1e100)) return false;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = 0;
                for (int k = 0; k < n; ++k) sum += a[i * n + k] * a[k * n + j];
                square.data[i * n + j] = sum;
            }
        for (int i = 0; i < n * n; ++i) a[i] = square.data[i];
    }
    return false;
}
// Have all eigenvalues of a negative real parts? Then its Cayley transform (I - a)^-1 (I + a) is stable, whatever a is
// divided by.
constexpr bool is_hurwitz(auto const& a, int n) {
    double const scale = largest_magnitude(a, n, n) * n;
    if (scale == 0) return false;
    scratch<double> lu(n * n), b(n * n);
    scratch<std::int32_t> from(n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            lu.data[i * n + j] = (i == j ? 1.0 : 0.0) - a(i, j) / scale;
            b.data[i * n + j] = (i == j ? 1.0 : 0.0) + a(i, j) / scale;
        }
    if (!linalg::lu_factor(lu.data, lu.data, from.data, n)) return false;
    linalg::lu_solve(lu.data, from.data, b.data, b.data, n, n, false);
    return powers_vanish(b.data, n);
}

}  // namespace paramorph::inline PARAMORPH_ABI::membership
