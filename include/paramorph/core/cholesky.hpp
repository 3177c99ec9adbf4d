// The Cholesky factorization A = L L^T of a symmetric positive definite matrix, by halves: the upper factor of the
// first half, a triangular solve, a product, the second half (Golub and Van Loan, "Matrix Computations", 4th ed.,
// section 4.2.6).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// X = U^-T X for an upper triangle U [n, n] and X [n, columns].
template <class Blocks, class T>
constexpr void solve_transposed(T const* u, int stride, T* x, int n, int columns) noexcept {
    if (n <= 16) {
        for (int k = 0; k < n; ++k) {
            T* const row = x + k * stride;
            Blocks::scale(row, 1 / u[k * stride + k], columns);
            for (int i = k + 1; i < n; ++i) Blocks::add(x + i * stride, -u[k * stride + i], row, columns);
        }
        return;
    }
    int const p = first_half(n), q = n - p;
    solve_transposed<Blocks>(u, stride, x, p, columns);
    Blocks::template multiply<into::subtract, true>(u + p, stride, x, stride, x + p * stride, stride, q, columns, p);
    solve_transposed<Blocks>(u + p * stride + p, stride, x + p * stride, q, columns);
}

// The upper triangle of A becomes U with A = U^T U.
template <class Blocks, class T>
constexpr bool upper_factor(T* a, int stride, int n) noexcept {
    if (n <= 16) {
        for (int k = 0; k < n; ++k) {
            T* const row = a + k * stride;
            if (!(row[k] > 0 && row[k] <= std::numeric_limits<T>::max() && can_divide(row[k]))) return false;
            Blocks::scale(row + k, 1 / Blocks::sqrt(row[k]), n - k);
            for (int i = k + 1; i < n; ++i) Blocks::add(a + i * stride + i, -row[i], row + i, n - i);
        }
        return true;
    }
    int const p = first_half(n), q = n - p;
    T *const right = a + p, *const low = a + p * stride + p;
    if (!upper_factor<Blocks>(a, stride, p)) return false;
    solve_transposed<Blocks>(a, stride, right, p, q);
    Blocks::template multiply<into::subtract, true>(right, stride, right, stride, low, stride, q, q, p);
    return upper_factor<Blocks>(low, stride, q);
}

}  // namespace detail

// L [n, n], zero above the diagonal, with A = L L^T; of A [n, n] only the lower triangle is read. False when a pivot
// is not positive or not finite: A is not positive definite, or not finite. Cost: n^3 / 3 operations, and the zeros.
template <class Blocks, class T>
constexpr bool cholesky(T const* a, T* l, int n) noexcept {
    for (int i = 0; i < n; ++i) {
        if (!detail::can_be_evaluated(a + i * n, i + 1)) return false;
        for (int j = 0; j < n; ++j) l[i * n + j] = j >= i ? a[j * n + i] : T(0);
    }
    if (!detail::upper_factor<Blocks>(l, n, n)) return false;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < i; ++j) {
            l[i * n + j] = l[j * n + i];
            l[j * n + i] = 0;
        }
    return detail::all_finite(l, n * n);
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
