// The inverse of a matrix whose symmetric part is positive definite, by elimination without pivoting. Such a matrix
// stays so under elimination: every Schur complement's symmetric part is positive definite again (Golub and Van Loan,
// "Matrix Computations", 4th ed., section 4.2.2), so no pivot is zero. I + A with a skew A is one.
//
// By halves, which is nearly all products: with T = B21 B11^-1, U = B11^-1 B12 and S = B22 - T B12,
//     B^-1 = [B11^-1 + U S^-1 T, -U S^-1; -S^-1 T, S^-1].
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// `limit`: the largest pivot that is taken.
template <class Blocks, class T>
constexpr bool invert_in_place(T* b, int stride, int n, T* scratch, T limit) noexcept {
    constexpr auto assign = into::assign, subtract = into::subtract, negative = into::negative;
    if (n <= 16) {  // Gauss and Jordan
        for (int k = 0; k < n; ++k) {
            T const pivot = b[k * stride + k];
            if (!(pivot > 0 && pivot <= limit && can_divide(pivot))) return false;
            Blocks::gauss_jordan_step(b, stride, n, k, 1 / pivot);
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

// The inverse of A [n, n], whose symmetric part is positive definite; scratch has room for n x n more. False when a
// pivot is not positive, or 16 times as large as every element of A: then elimination without pivoting could lose
// digits that pivoting keeps, and the inverse is for another algorithm. `largest` becomes the magnitude of A's largest
// element. Cost: 2 n^3 operations.
template <class Blocks, class T>
constexpr bool inverse_of_definite(T const* a, T* inverse, T* scratch, int n, T& largest) noexcept {
    largest = 0;
    if (!detail::can_be_evaluated(a, n * n)) return false;
    largest = detail::largest_magnitude(a, n * n);
    std::copy_n(a, n * n, inverse);
    if (!(largest <= std::numeric_limits<T>::max() / 16)) return false;
    return detail::invert_in_place<Blocks>(inverse, n, n, scratch, 16 * largest);
}

namespace detail {

// Is B = I + A with a skew A? `norm` becomes the largest sum of magnitudes along a row of A.
template <class T>
constexpr bool is_unit_plus_skew(T const* b, int n, T& norm) noexcept {
    norm = 0;
    for (int i = 0; i < n; ++i) {
        T row = 0;
        for (int j = 0; j < n; ++j) {
            if (i == j ? b[i * n + j] != 1 : b[i * n + j] != -b[j * n + i]) return false;
            T const size = i == j ? T(0) : magnitude(b[i * n + j]);
            if (!(row <= std::numeric_limits<T>::max() - size)) return norm = std::numeric_limits<T>::infinity(), true;
            row += size;
        }
        norm = row > norm ? row : norm;
    }
    return true;
}

}  // namespace detail

// The magnitude of an element up to which elimination alone keeps 2 (I + A)^-1 - I orthogonal.
inline constexpr int small_in_cayley = 4;

// Given m, about the inverse of B = I + A with a skew A, brings q = 2 m - I to the nearest orthogonal matrix, by
// Newton and Schulz: with d = q^T q - I, which elimination leaves at the size of norm(A) epsilon, q becomes q (I - d /
// 2). In m this is m + d / 4 - m d / 2, d = 4 m^T m - 2 (m + m^T), so that small elements of m keep their digits.
// False where the norm exceeds 1 / (4 epsilon): rounding A turns q by a radian. What is no such B is left alone.
// Scratch: n + 1 rows. Cost: 4 n^3 operations a step, one or two steps; n^3 more to see that it is enough. Source:
// Higham, "Functions of Matrices", section 8.3.
template <class Blocks, class T>
constexpr bool orthogonalize_cayley(T const* b, T* m, T* scratch, int n) noexcept {
    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    T norm = 0;
    if (!detail::is_unit_plus_skew(b, n, norm)) return true;
    if (!(norm <= 1 / (4 * epsilon))) return false;
    T *const d = scratch, *const row = scratch + n * n;
    for (int steps = 0;; ++steps) {
        Blocks::template multiply<into::assign, true>(m, n, m, n, d, n, n, n, n);
        T worst = 0;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                T& e = d[i * n + j];
                e = 4 * e - 2 * (m[i * n + j] + m[j * n + i]);
                worst = detail::magnitude(e) <= worst ? worst : detail::magnitude(e);
            }
        if (worst <= 3 * T(n) * epsilon) return true;
        if (!(worst <= T(0.5)) || steps == 6) return worst <= 8 * T(n) * epsilon;
        for (int i = 0; i < n; ++i) {
            Blocks::template multiply<into::assign>(m + i * n, n, d, n, row, n, 1, n, n);
            for (int j = 0; j < n; ++j) m[i * n + j] += d[i * n + j] / 4 - row[j] / 2;
        }
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
