// The inverse of a matrix whose symmetric part is positive definite, by elimination without pivoting. Such a matrix
// stays so under elimination: every Schur complement's symmetric part is positive definite again (Golub and Van Loan,
// "Matrix Computations", 4th ed., section 4.2.2), so no pivot is zero. I + A with a skew A is one.
//
// By halves, which is nearly all products: with T = B21 B11^-1, U = B11^-1 B12 and S = B22 - T B12,
//     B^-1 = [B11^-1 + U S^-1 T, -U S^-1; -S^-1 T, S^-1].
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::dense {

namespace detail {

/// `limit`: the largest pivot that is taken.
template <class Blocks, class T>
constexpr bool invert_in_place(T* b, int stride, int n, T* scratch, T limit) noexcept {
    constexpr auto assign = into::assign, subtract = into::subtract, negative = into::negative;
    if (n <= 16) {  // Gauss and Jordan
        for (int k = 0; k < n; ++k) {
            T const pivot = b[k * stride + k];
            if (!(pivot > 0 && pivot <= limit && can_divide(pivot))) return false;
            Blocks::exchange(b, stride, n, k, 1 / pivot);
        }
        return true;
    }
    int const p = first_half(n), q = n - p;
    T *const b11 = b, *const b12 = b + p, *const b21 = b + p * stride, *const b22 = b21 + p;
    if (!invert_in_place<Blocks>(b11, stride, p, scratch, limit)) return false;
    T *const t = scratch, *const u = t + q * p, *const rest = u + p * q;
    Blocks::template multiply<assign>(b21, stride, b11, stride, t, p, q, p, p);
    Blocks::template multiply<assign>(b11, stride, b12, stride, u, q, p, q, p);
    Blocks::template multiply<subtract>(t, p, b12, stride, b22, stride, q, q, p);
    if (!invert_in_place<Blocks>(b22, stride, q, rest, limit)) return false;
    Blocks::template multiply<negative>(u, q, b22, stride, b12, stride, p, q, q);
    Blocks::template multiply<negative>(b22, stride, t, p, b21, stride, q, p, q);
    Blocks::template multiply<subtract>(b12, stride, t, p, b11, stride, p, p, q);
    return true;
}

}  // namespace detail

/// The inverse of A [n, n], whose symmetric part is positive definite; scratch has room for n x n more. False when a
/// pivot is not positive, or 16 times as large as every element of A: then elimination without pivoting could lose
/// digits that pivoting keeps, and the inverse is for another algorithm. Cost: 2 n^3 operations.
template <class Blocks, class T>
constexpr bool inverse_of_definite(T const* a, T* inverse, T* scratch, int n) noexcept {
    if (!detail::can_be_evaluated(a, n * n)) return false;
    T largest = 0;
    for (int i = 0; i < n * n; ++i) {
        T const size = detail::magnitude(a[i]);
        largest = size > largest ? size : largest;
        inverse[i] = a[i];
    }
    if (!(largest <= std::numeric_limits<T>::max() / 16)) return false;
    return detail::invert_in_place<Blocks>(inverse, n, n, scratch, 16 * largest);
}

}  // namespace paramorph::inline PARAMORPH_ABI::dense
