// The thin singular value decomposition by the one-sided Jacobi method: Demmel and Veselic, "Jacobi's method is more
// accurate than QR", SIAM J. Matrix Anal. Appl. 13 (1992); Golub and Van Loan, "Matrix Computations", 4th ed., section
// 8.6.3. Written once, against what is done to rows: in constant evaluation `scalar_rows`, in kernel/svd.hpp vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/row_primitives.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// Makes row `which` of w [count, n] a unit vector orthogonal to the rows before it: the coordinate vector farthest
// from them, orthogonalized twice.
template <class T, class Rows>
constexpr void complete_row(T* w, int which, int n) noexcept {
    T* const row = w + which * n;
    int best = 0;
    T least = std::numeric_limits<T>::max();
    for (int i = 0; i < n; ++i) {
        T inside = 0;
        for (int k = 0; k < which; ++k) inside += w[k * n + i] * w[k * n + i];
        if (inside < least) least = inside, best = i;
    }
    for (int i = 0; i < n; ++i) row[i] = T(i == best);
    T norm = 0;
    for (int pass = 0; pass < 2; ++pass) {
        for (int k = 0; k < which; ++k) {
            T inner = 0;
            for (int i = 0; i < n; ++i) inner += w[k * n + i] * row[i];
            for (int i = 0; i < n; ++i) row[i] -= inner * w[k * n + i];
        }
        norm = 0;
        for (int i = 0; i < n; ++i) norm += row[i] * row[i];
        norm = Rows::sqrt(norm);
        for (int i = 0; i < n; ++i) row[i] /= norm;
    }
}

}  // namespace detail

// The thin singular value decomposition A = U diag(S) Vh of A [m, n], with k = min(m, n).
//
// Shapes: U [m, k], S [k] (descending, never negative), Vh [k, n], row-major, none overlapping A. The columns of U and
// the rows of Vh are orthonormal whatever the rank (rounding grows with k: 43 epsilon measured at k = 33): where a
// singular value is zero they are completed. Sign: in each column of U the first entry of largest magnitude is
// positive. Returns false, with the results unspecified, when A is not finite or 60 sweeps do not converge. Cost:
// about 5 to 10 sweeps of 3 m n k operations; no memory but the results. `scaled` [k + 1] receives S times a power of
// two, and that: singular values that subnormal numbers round.
template <class Rows = scalar_rows<double>>
constexpr bool svd(typename Rows::value_type const* a, typename Rows::value_type* u, typename Rows::value_type* s,
                   typename Rows::value_type* vh, int m, int n, typename Rows::value_type* scaled = nullptr) noexcept {
    using T = typename Rows::value_type;
    // Rows of w are made orthogonal, g collects the rotations: w = A and g = U^T when m <= n, else w = A^T and g = Vh.
    bool const wide = m <= n;
    int const k = wide ? m : n, length = wide ? n : m;
    T* const w = wide ? vh : u;
    T* const g = wide ? u : vh;
    if (!detail::can_be_evaluated(a, m * n)) return false;
    T const largest = detail::largest_magnitude(a, m * n);
    if (!(largest <= std::numeric_limits<T>::max())) return false;
    T scale = 1;  // a power of two that keeps squares of the entries from overflow and underflow
    constexpr T far = sizeof(T) == 4 ? T(1e6) : T(1e60);
    if (largest > 0) {
        while (largest * scale > far) scale *= T(0.5);
        while (largest * scale < 1 / far && scale < std::numeric_limits<T>::max() / 4) scale *= 2;
    }
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) w[wide ? i * n + j : j * m + i] = a[i * n + j] * scale;
    for (int i = 0; i < k * k; ++i) g[i] = T(i % (k + 1) == 0);

    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    T const negligible = largest * scale * epsilon * epsilon;
    T const tolerance = epsilon * Rows::sqrt(T(16 + length));
    bool rotated = k > 1;
    for (int sweep = 0; rotated; ++sweep) {
        if (sweep == 60) return false;
        rotated = false;
        for (int p = 0; p + 1 < k; ++p)
            for (int q = p + 1; q < k; ++q) {
                T pp = 0, qq = 0, pq = 0;
                Rows::products(w + p * length, w + q * length, length, pp, qq, pq);
                if (pp <= negligible * negligible || qq <= negligible * negligible) continue;
                if (detail::magnitude(pq) <= tolerance * Rows::sqrt(pp) * Rows::sqrt(qq)) continue;
                rotated = true;
                T const zeta = (qq - pp) / (2 * pq), size = detail::magnitude(zeta);
                T const root = size > 1 / epsilon ? size : Rows::sqrt(1 + size * size);
                T const t = (zeta < 0 ? T(-1) : T(1)) / (size + root), c = 1 / Rows::sqrt(1 + t * t);
                Rows::rotate(w + p * length, w + q * length, length, c, c * t);
                Rows::rotate(g + p * k, g + q * k, k, c, c * t);
            }
    }
    for (int i = 0; i < k; ++i) {
        T norm = 0, other = 0, inner = 0;
        Rows::products(w + i * length, w + i * length, length, norm, other, inner);
        s[i] = Rows::sqrt(norm);
    }
    for (int i = 0; i < k; ++i) {
        int best = i;
        for (int j = i + 1; j < k; ++j)
            if (s[j] > s[best]) best = j;
        if (best != i) {
            detail::swap_values(s[i], s[best]);
            detail::swap_rows(w, length, i, best);
            detail::swap_rows(g, k, i, best);
        }
        if (s[i] > negligible) {
            T const inverse = 1 / s[i];
            for (int j = 0; j < length; ++j) w[i * length + j] *= inverse;
        } else {
            s[i] = 0;
            detail::complete_row<T, Rows>(w, i, length);
        }
        T* const column = u + i * m;  // still a row of the transpose
        T top = 0;
        for (int j = 0; j < m; ++j)
            if (detail::magnitude(column[j]) > detail::magnitude(top)) top = column[j];
        if (top < 0) {
            for (int j = 0; j < m; ++j) column[j] = -column[j];
            for (int j = 0; j < n; ++j) vh[i * n + j] = -vh[i * n + j];
        }
    }
    detail::transpose_in_place(u, k, m);
    if (scaled != nullptr) {
        for (int i = 0; i < k; ++i) scaled[i] = s[i];
        scaled[k] = scale;
    }
    for (int i = 0; i < k; ++i) s[i] /= scale;
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
