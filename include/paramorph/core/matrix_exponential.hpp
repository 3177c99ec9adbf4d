// The exponential of a matrix, and the adjoint of that map, by scaling and squaring: the polynomial
//     p(A) = p0 + A4 (p1 + A4 p2),   p0, p1, p2 polynomials in A, A2 = A^2, A3 = A A2, A4 = A2^2,
// of degree 12 (Paterson and Stockmeyer 1973) is taken of A / 2^s, then squared s times. The adjoint differentiates
// that: each product has two, and they are products of the same matrices, which forward leaves on a `tape`.
//
// The scaling is found from the powers that are there anyway (Al-Mohy and Higham, "A new scaling and squaring algorithm
// for the matrix exponential", SIAM J. Matrix Anal. Appl. 31 (2009), theorem 4.2), so that it does not grow with a norm
// that says little.
//
// For any matrix p is Taylor's polynomial, its reach that of Bader, Blanes and Casas, "Computing the matrix exponential
// with an optimized Taylor polynomial approximation" (2019), which PyTorch takes too. A skew matrix is normal, its
// eigenvalues imaginary: there p is the series of exp(i x) in Chebyshev polynomials on the imaginary interval (Jacobi
// and Anger), which reaches nearly twice as far; its powers are symmetric or skew, so that half of each is computed.
// Squaring doubles what a rotation lacks of being one: where that would show, each fourth square is made orthogonal
// again by a step of Newton and Schulz (Higham, "Functions of Matrices", 2008, section 8.3).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/squares.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// The coefficients of p, and the norm up to which its error is that of one rounding: 1.8e-8 in float and 8.7e-17 in
// double for a skew matrix.
template <class T>
struct exponential_series {
    T reach, c[13];
};
template <bool Skew, class T>
constexpr exponential_series<T> exponential_series_of() noexcept {
    if constexpr (!Skew)
        return {T(sizeof(T) == 4 ? 1.461661507209034 : 0.2996158913811580),
                {T(1), T(1), T(1.0 / 2), T(1.0 / 6), T(1.0 / 24), T(1.0 / 120), T(1.0 / 720), T(1.0 / 5040),
                 T(1.0 / 40320), T(1.0 / 362880), T(1.0 / 3628800), T(1.0 / 39916800), T(1.0 / 479001600)}};
    else if constexpr (sizeof(T) == 4)
        return {T(2.75),
                {T(0.999999998240524863), T(0.999999915864197686), T(0.499999977143416275), T(0.166666354051156043),
                 T(0.0416666181500831208), T(0.00833300098893298025), T(0.0013888502191412646),
                 T(0.000198260900047194515), T(0.0000247868766533914793), T(2.72186068618731017e-6),
                 T(2.72687272364366556e-7), T(2.13795866386037525e-8), T(1.80372384503562573e-9)}};
    else
        return {T(0.625),
                {T(0.999999999999999998), T(0.999999999999998201), T(0.499999999999999515), T(0.166666666666537681),
                 T(0.0416666666666468138), T(0.0083333333306910399), T(0.00138888888858387793),
                 T(0.000198412675212188761), T(0.0000248015850698709365), T(2.75563287150036655e-6),
                 T(2.7556480801154228e-7), T(2.48489977827650819e-8), T(2.07204761704855645e-9)}};
}
template <bool Skew, class T>
inline constexpr exponential_series<T> series_of = exponential_series_of<Skew, T>();

// The matrices that forward leaves behind: A, A^2, A^3, A^4 (scaled), p2, p1 + A4 p2, and the first of those that are
// squared. The last two are scratch.
inline constexpr int exponential_roots = 4, exponential_tape = 8 + exponential_roots;
template <class T>
struct exponential_places {
    T *a, *a2, *a3, *a4, *inner, *outer, *root, *spare, *other;
    constexpr exponential_places(T* tape, int size)
        : a(tape),
          a2(tape + size),
          a3(tape + 2 * size),
          a4(tape + 3 * size),
          inner(tape + 4 * size),
          outer(tape + 5 * size),
          root(tape + 6 * size),
          spare(root + exponential_roots * size),
          other(spare + size) {}
};

// Is the k-th square of a skew matrix' exponential made orthogonal again?
template <bool Skew>
constexpr bool straightened(int k, int steps, int n) noexcept {
    return Skew && (steps > 20 || 1 << steps >= 2 * n) && (k % 4 == 0 || k == steps);
}
// A nearly orthogonal matrix, to that order squared; two matrices of scratch.
template <class Squares, class T>
constexpr void straighten(Squares const& on, T* x, T* square, T* product) noexcept {
    on.template multiply<true, false>(x, x, square);
    on.sum(square, T(1.5), term<T>{T(-0.5), square});
    on.multiply(x, square, product);
    on.sum(x, T(0), term<T>{1, product});
}

}  // namespace detail

// exp(A) for A [n, n], `tape` of exponential_tape matrices and the number of squarings. False when A, or what is
// computed from it, is not finite; when its norm exceeds 1 / (4 epsilon), where rounding A turns exp(A) by a radian;
// or when a skew matrix was promised and A + A^T is not zero up to rounding.
template <bool Skew, class Squares, class T>
constexpr bool exponential(Squares const& on, T const* a, T* result, T* tape, int& steps) noexcept {
    constexpr T const(&c)[13] = detail::series_of<Skew, T>.c;
    constexpr T largest = std::numeric_limits<T>::max();
    int const size = on.n * on.n;
    detail::exponential_places<T> const at(tape, size);
    if (!detail::can_be_evaluated(a, size)) return false;
    on.sum(at.a, T(0), term<T>{1, a});
    T const norm = on.norm(a);
    if (!(norm <= largest)) return false;
    if constexpr (Skew) {
        on.template part<1>(at.a2, T(1), a);
        if (on.norm(at.a2) > 64 * std::numeric_limits<T>::epsilon() * norm) return false;
        on.template multiply_half<1>(at.a, at.a, at.a2);
        on.template multiply_half<-1>(at.a, at.a2, at.a3);
        on.template multiply_half<1>(at.a2, at.a2, at.a4);
    } else {
        on.multiply(at.a, at.a, at.a2);
        on.multiply(at.a, at.a2, at.a3);
        on.multiply(at.a2, at.a2, at.a4);
    }
    T const second = Squares::sqrt(on.norm(at.a2)), fourth = Squares::sqrt(Squares::sqrt(on.norm(at.a4)));
    T reach = norm;
    auto const at_most = [&](T bound) { reach = bound < reach ? bound : reach; };
    auto const larger = [](T x, T y) { return x > y ? x : y; };
    if constexpr (Skew) {
        at_most(second), at_most(fourth);
    } else if (T const cube = on.norm(at.a3); cube <= largest) {
        T third = larger(second, fourth);  // Newton's method, which stays above the root
        while (third * third * third < cube) third *= 2;
        for (int k = 0; k < 8 && third > 0; ++k) third = (2 * third + cube / (third * third)) / 3;
        at_most(larger(second, third)), at_most(larger(third, fourth));
    }
    if (!(fourth <= largest) || !(reach <= 1 / (4 * std::numeric_limits<T>::epsilon()))) return false;
    T scale = 1;
    for (steps = 0; reach * scale > detail::series_of<Skew, T>.reach; ++steps) scale /= 2;
    if (steps > 0) {
        T const scale2 = scale * scale;
        on.sum(at.a, T(0), term<T>{scale, at.a});
        on.sum(at.a2, T(0), term<T>{scale2, at.a2});
        on.sum(at.a3, T(0), term<T>{scale2 * scale, at.a3});
        on.sum(at.a4, T(0), term<T>{scale2 * scale2, at.a4});
    }
    using of = term<T>;
    on.sum(at.inner, c[8], of{c[9], at.a}, of{c[10], at.a2}, of{c[11], at.a3}, of{c[12], at.a4});
    T* const first = steps > 0 ? at.root : result;
    on.multiply(at.a4, at.inner, first);
    on.sum(at.outer, c[4], of{1, first}, of{c[5], at.a}, of{c[6], at.a2}, of{c[7], at.a3});
    on.multiply(at.a4, at.outer, first);
    on.sum(first, c[0], of{1, first}, of{c[1], at.a}, of{c[2], at.a2}, of{c[3], at.a3});
    T* from = first;
    for (int k = 1; k <= steps; ++k) {
        T* const to = k == steps                      ? result
                      : k < detail::exponential_roots ? at.root + k * size
                      : (steps - k) % 2 == 0          ? result
                                                      : at.spare;
        if (!detail::can_be_evaluated(from, size)) return false;
        on.multiply(from, from, to);
        if (detail::straightened<Skew>(k, steps, on.n))
            detail::straighten(on, to, at.other, to == at.spare ? result : at.spare);
        from = to;
    }
    return detail::all_finite(result, size);
}

// How many matrices of scratch the adjoint needs.
inline constexpr int exponential_adjoint_scratch = 8;

// The cotangent of A from that of exp(A) and what forward left behind; of a skew A it is the skew one.
template <bool Skew, class Squares, class T>
constexpr void exponential_adjoint(Squares const& on, T const* tape, int steps, T const* cotangent, T* result,
                                   T* scratch) noexcept {
    constexpr T const(&c)[13] = detail::series_of<Skew, T>.c;
    using of = term<T>;
    int const size = on.n * on.n;
    detail::exponential_places<T const> const at(tape, size);
    T *const x = scratch, *const y = x + size, *const m = y + size, *const b = m + size, *const a4 = b + size,
             *const a3 = a4 + size, *const a2 = a3 + size, *const later = a2 + size;
    T const* g = cotangent;
    for (int k = steps - 1; k >= 0; --k) {
        T const* q = at.root + (k < detail::exponential_roots ? k : detail::exponential_roots - 1) * size;
        for (int i = detail::exponential_roots; i <= k; ++i) {  // squared again: there was no room for it
            T* const to = i % 2 == 0 ? m : b;
            on.multiply(q, q, to);
            if (detail::straightened<Skew>(i, steps, on.n)) detail::straighten(on, to, x, y);
            q = to;
        }
        on.template multiply<true, false>(q, g, x);
        on.template multiply<false, true>(g, q, y);
        // A square root of exp(A) is that of A / 2: halved here, the numbers stay as large as the result.
        on.sum(later, T(0), of{T(0.5), x}, of{T(0.5), y});
        g = later;
    }
    on.template multiply<!Skew, false>(at.a4, g, m);  // of p1 + A4 p2
    on.template multiply<!Skew, false>(at.a4, m, b);  // of p2
    on.template multiply<false, true>(g, at.outer, x);
    on.template multiply<false, true>(m, at.inner, y);
    on.sum(a4, T(0), of{1, x}, of{1, y}, of{c[12], b});
    on.sum(a3, T(0), of{c[3], g}, of{c[7], m}, of{c[11], b});
    // m holds what g, m and b give to A, b what they give to A2.
    on.sum(a2, T(0), of{c[2], g}, of{c[6], m}, of{c[10], b});
    on.sum(m, T(0), of{c[1], g}, of{c[5], m}, of{c[9], b});
    if constexpr (Skew) {
        on.template part<1>(b, T(0.5), a4);
        on.multiply(b, at.a2, x);  // A4 = A2 A2
        on.template part<-1>(b, T(0.5), a3);
        on.multiply(at.a, b, y);  // A3 = A A2
        on.sum(a2, T(0), of{1, a2}, of{2, x}, of{-1, y});
        on.multiply(b, at.a2, x);
        on.template part<1>(b, T(0.5), a2);
        on.multiply(b, at.a, y);  // A2 = A A
        on.sum(m, T(0), of{1, m}, of{1, x}, of{-2, y});
        on.template part<-1>(result, T(0.5), m);
    } else {
        on.template multiply<false, true>(a4, at.a2, x);
        on.template multiply<true, false>(at.a2, a4, y);
        on.sum(a2, T(0), of{1, a2}, of{1, x}, of{1, y});
        on.template multiply<true, false>(at.a, a3, y);
        on.sum(a2, T(0), of{1, a2}, of{1, y});
        on.template multiply<false, true>(a3, at.a2, x);
        on.template multiply<false, true>(a2, at.a, y);
        on.template multiply<true, false>(at.a, a2, b);
        on.sum(result, T(0), of{1, m}, of{1, x}, of{1, y}, of{1, b});
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
