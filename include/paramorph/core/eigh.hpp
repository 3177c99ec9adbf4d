// The eigenvalues and eigenvectors of a symmetric matrix by Jacobi's method (Golub and Van Loan, "Matrix Computations",
// 4th ed., section 8.5): rotations of two rows and two columns; as the matrix stays symmetric, the columns are copied
// from the rows.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

// A = V diag(w) V^T: w [n] ascending, V [n, n] with eigenvectors as columns; of A [n, n] the lower triangle is read;
// scratch [n, n]; `scaled` [n + 1] receives w times a power of two, and that: eigenvalues that subnormal numbers
// round. Sign: the first entry of largest magnitude of an eigenvector is positive. False when A is not finite or 60
// sweeps do not converge. Cost: about 6 to 10 sweeps of 3 n^3 operations.
template <class Rows, class T>
constexpr bool eigh(T const* a, T* w, T* v, T* scratch, int n, T* scaled = nullptr) noexcept {
    T largest = 0;
    for (int i = 0; i < n; ++i) {
        if (!detail::can_be_evaluated(a + i * n, i + 1)) return false;
        for (int j = 0; j <= i; ++j) {
            T const size = detail::magnitude(a[i * n + j]);
            if (!(size <= std::numeric_limits<T>::max())) return false;
            largest = size > largest ? size : largest;
            v[i * n + j] = v[j * n + i] = T(i == j);
        }
    }
    T const scale = detail::scale_from_ends(largest);
    largest *= scale;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) scratch[i * n + j] = scratch[j * n + i] = a[i * n + j] * scale;
    T const negligible = largest * std::numeric_limits<T>::epsilon() / T(4 * n);
    bool rotated = n > 1;
    for (int sweep = 0; rotated; ++sweep) {
        if (sweep == 60) return false;
        rotated = false;
        for (int p = 0; p + 1 < n; ++p)
            for (int q = p + 1; q < n; ++q) {
                T *const x = scratch + p * n, *const y = scratch + q * n;
                T const pp = x[p], qq = y[q], pq = x[q];
                if (detail::magnitude(pq) <= negligible) continue;
                rotated = true;
                T const zeta = (qq / 2 - pp / 2) / pq, size = detail::magnitude(zeta);
                T const root = size > 1 / std::numeric_limits<T>::epsilon() ? size : Rows::sqrt(1 + size * size);
                T const t = (zeta < 0 ? T(-1) : T(1)) / (size + root), c = 1 / Rows::sqrt(1 + t * t);
                Rows::rotate(x, y, n, c, c * t);
                Rows::rotate(v + p * n, v + q * n, n, c, c * t);
                x[p] = pp - t * pq, y[q] = qq + t * pq;
                x[q] = y[p] = 0;
                for (int i = 0; i < n; ++i) {
                    if (i == p || i == q) continue;
                    scratch[i * n + p] = x[i];
                    scratch[i * n + q] = y[i];
                }
            }
    }
    for (int i = 0; i < n; ++i) w[i] = scratch[i * n + i];
    for (int i = 0; i < n; ++i) {
        int least = i;
        for (int j = i + 1; j < n; ++j)
            if (w[j] < w[least]) least = j;
        if (least != i) {
            detail::swap_values(w[i], w[least]);
            detail::swap_rows(v, n, i, least);
        }
        T top = 0;
        for (int j = 0; j < n; ++j)
            if (detail::magnitude(v[i * n + j]) > detail::magnitude(top)) top = v[i * n + j];
        if (top < 0)
            for (int j = 0; j < n; ++j) v[i * n + j] = -v[i * n + j];
    }
    detail::transpose_in_place(v, n, n);
    if (scaled != nullptr) {
        for (int i = 0; i < n; ++i) scaled[i] = w[i];
        scaled[n] = scale;
    }
    for (int i = 0; i < n; ++i) w[i] /= scale;
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
