// Householder reflections I - tau v v^T: the QR factorization of a matrix by them, their product, and the adjoint of
// that (Golub and Van Loan, "Matrix Computations", 4th ed., sections 5.1 and 5.2). Vectors stand in the columns of a
// matrix below its diagonal, on which their ones are not stored, as LAPACK's geqrf leaves them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// `x` [m, n] minus tau v (v^T x), where v is 1 and then what stands in a column below `v`, `v_stride` apart; w [n]
// receives v^T x.
template <class Blocks, class T>
constexpr void reflect(T const* v, int v_stride, T tau, T* x, int stride, int m, int n, T* w) noexcept {
    for (int j = 0; j < n; ++j) w[j] = x[j];
    for (int i = 1; i < m; ++i) Blocks::add(w, v[i * v_stride], x + i * stride, n);
    Blocks::add(x, -tau, w, n);
    for (int i = 1; i < m; ++i) Blocks::add(x + i * stride, -tau * v[i * v_stride], w, n);
}

}  // namespace detail

// Factors A [m, n] in place: R on and above the diagonal, the reflections below; tau [min(m, n)], w [n] is scratch.
// The diagonal of R has the opposite sign of what stood there, as LAPACK's geqrf has it, and torch.linalg.qr. False
// when A is not finite. Cost: 2 n^2 (m - n / 3) operations for m >= n.
template <class Blocks, class T>
constexpr bool qr_factor(T* a, T* tau, T* w, int m, int n) noexcept {
    if (!detail::can_be_evaluated(a, m * n) || !detail::all_finite(a, m * n)) return false;
    int const k = m < n ? m : n;
    for (int c = 0; c < k; ++c) {
        T* const top = a + c * n + c;
        T largest = 0, below = 0;
        for (int i = 1; i < m - c; ++i) {
            T const size = detail::magnitude(top[i * n]);
            largest = size > largest ? size : largest;
        }
        tau[c] = 0;
        if (largest == 0) continue;
        T const head = *top, size = detail::magnitude(head);
        if (size > largest) largest = size;
        for (int i = 1; i < m - c; ++i) below += top[i * n] / largest * (top[i * n] / largest);
        T const length = largest * Blocks::sqrt(head / largest * (head / largest) + below);
        T const beta = head < 0 ? length : -length;
        tau[c] = (beta - head) / beta;
        for (int i = 1; i < m - c; ++i) top[i * n] /= head - beta;
        *top = beta;
        detail::reflect<Blocks>(top, n, tau[c], top + 1, n, m - c, n - c - 1, w);
    }
    return detail::all_finite(a, m * n);
}

// The first `columns` columns of the product of the k reflections in `a` [m, stride]: q [m, columns]; w [columns] is
// scratch.
template <class Blocks, class T>
constexpr void product_of_reflections(T const* a, int stride, T const* tau, int k, T* q, int m, int columns,
                                      T* w) noexcept {
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < columns; ++j) q[i * columns + j] = T(i == j);
    for (int c = k - 1; c >= 0; --c)
        detail::reflect<Blocks>(a + c * stride + c, stride, tau[c], q + c * columns + c, columns, m - c, columns - c,
                                w);
}

// The cotangents of a [m, n] and tau [k] from that of the product q [m, n]; scratch [2 m + 2, n]. One reflection after
// the other is taken off q, by its inverse I - sigma v v^T with sigma = tau / (tau |v|^2 - 1), as torch's
// householder_product_backward does. False when one has no inverse.
template <class Blocks, class T>
constexpr bool product_of_reflections_adjoint(T const* a, T const* tau, int k, T const* q, T const* cotangent, T* of_a,
                                              T* of_tau, T* scratch, int m, int n) noexcept {
    T *const rest = scratch, *const g = rest + m * n, *const u = g + m * n, *const w = u + n;
    for (int i = 0; i < m * n; ++i) {
        rest[i] = q[i];
        g[i] = cotangent[i];
        of_a[i] = 0;
    }
    for (int c = 0; c < k; ++c) {
        T const* const v = a + c * n + c;
        T* const x = rest + c * n;
        T* const y = g + c * n;
        T square = tau[c];  // tau |v|^2, which fits where |v|^2 need not
        for (int i = 1; i < m - c; ++i) square += tau[c] * v[i * n] * v[i * n];
        if (std::is_constant_evaluated() && square == 1) return false;  // a division by zero
        T const sigma = tau[c] / (square - 1);
        if (!(detail::magnitude(square) <= std::numeric_limits<T>::max()) ||
            !(detail::magnitude(sigma) <= std::numeric_limits<T>::max()))
            return false;
        detail::reflect<Blocks>(v, n, sigma, x, n, m - c, n, u);
        // u = v^T x and w = v^T y; y is reflected once what it was before is no longer needed.
        for (int j = 0; j < n; ++j) u[j] = x[j], w[j] = y[j];
        for (int i = 1; i < m - c; ++i) {
            Blocks::add(u, v[i * n], x + i * n, n);
            Blocks::add(w, v[i * n], y + i * n, n);
        }
        of_tau[c] = -Blocks::dot(u, w, n);
        for (int i = 1; i < m - c; ++i)
            of_a[(c + i) * n + c] = -tau[c] * (Blocks::dot(y + i * n, u, n) + Blocks::dot(x + i * n, w, n));
        Blocks::add(y, -tau[c], w, n);
        for (int i = 1; i < m - c; ++i) Blocks::add(y + i * n, -tau[c] * v[i * n], w, n);
    }
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
