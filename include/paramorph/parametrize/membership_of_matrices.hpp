// Conditions on a matrix that a factorization decides: determinants, eigenvalues, singular values, powers. As in
// membership.hpp, they are decided in double, in constant evaluation or at run time. Cost: for each matrix an LU
// factorization, up to ten sweeps of one-sided Jacobi, or for powers up to 60 products; two to four matrices of
// memory. Source: the factorizations of core/lu.hpp and core/svd.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "paramorph/core/lu.hpp"
#include "paramorph/core/svd.hpp"
#include "paramorph/parametrize/membership.hpp"

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

// Is the spectral radius of a less than 1, by more than rounding can have changed? Squares of squares become small
// then; a is overwritten. Each is divided by its largest element, and `size` is the logarithm of all that it was
// divided by. The answer is no where all that decides underflows beside larger elements.
constexpr bool powers_vanish(double* a, int n) {
    scratch<double> square(n * n);
    double size = 0, rounding = 4 * n * std::numeric_limits<double>::epsilon();
    bool lost = false;
    for (int doubling = 0; doubling < 60; ++doubling, rounding *= 2) {
        double largest = 0, norm = 0, trace = 0;
        for (int i = 0; i < n * n; ++i) largest = math::max(largest, math::abs(a[i]));
        if (largest == 0) return !lost;
        size = 2 * size + math::log(largest);
        for (int i = 0; i < n; ++i) {
            double row = 0;
            for (int j = 0; j < n; ++j) {
                double& e = a[i * n + j];
                lost = lost || (e != 0 && e / largest == 0);
                e /= largest;
                row += math::abs(e);
            }
            norm = math::max(norm, row);
            trace += a[i * n + i];
        }
        if (size + math::log(norm) + rounding < 0) return true;
        // The trace is the sum of the eigenvalues of the power.
        if (trace != 0 && size + math::log(math::abs(trace)) > math::log(n) + 1) return false;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = 0;
                for (int k = 0; k < n; ++k) {
                    double const b = a[i * n + k], c = a[k * n + j];
                    lost = lost || (b != 0 && c != 0 && b * c == 0);
                    sum += b * c;
                }
                square.data[i * n + j] = sum;
            }
        for (int i = 0; i < n * n; ++i) a[i] = square.data[i];
    }
    return false;
}
// Have all eigenvalues of a negative real parts? Then its Cayley transform (I - a)^-1 (I + a) is stable, whatever a is
// divided by.
constexpr bool is_hurwitz(auto const& a, int n) {
    double const scale = largest_magnitude(a, n, n);
    if (scale == 0) return false;
    scratch<double> lu(n * n), b(n * n);
    scratch<std::int32_t> from(n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            lu.data[i * n + j] = (i == j ? 1.0 : 0.0) - a(i, j) / scale / n;
            b.data[i * n + j] = (i == j ? 1.0 : 0.0) + a(i, j) / scale / n;
        }
    if (!linalg::lu_factor(lu.data, lu.data, from.data, n)) return false;
    linalg::lu_solve(lu.data, from.data, b.data, b.data, n, n, false);
    return powers_vanish(b.data, n);
}

}  // namespace paramorph::inline PARAMORPH_ABI::membership
