// The principal logarithm of a rotation matrix, from the eigenvectors V of its symmetric part: on the plane of an angle
// t the symmetric part is cos t, and the skew part S is sin t times a quarter turn, so the logarithm is
//     log Q = S V diag(t / sin t) V^T,   t_i = atan2(|S v_i|, c_i).
// Eigenvalues come in pairs here; it does not matter which vectors stand for them.
//
// Adjoint: log is the inverse of exp, whose derivative is dQ = Q (1 - exp(-ad)) / ad dA with ad X = A X - X A (Higham,
// "Functions of Matrices", 2008, theorem 10.13). So the cotangent of Q is Q (h(ad) K - ad K / 2) for the skew part K of
// A's, with h(i d) = d/2 cot(d/2). Between two planes ad has the eigenvalues i (t_i + t_j) and i (t_i - t_j); they
// belong to the parts of K on which X -> A X A is t_i t_j and -t_i t_j.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/eigh.hpp"
#include "paramorph/core/squares.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

// The angle in [0, pi] of a point with y >= 0: Newton's method, which triples the digits.
constexpr double angle_of(double y, double x) noexcept {
    double const radius = math::sqrt(x * x + y * y);
    double t = 1.5707963267948966 * (1 - x / (magnitude(x) + y));
    for (int k = 0; k < 4; ++k) t += (y * math::cos(t) - x * math::sin(t)) / radius;
    return t < 0 ? 0 : t;
}
// d/2 cot(d/2).
constexpr double half_cotangent(double d) noexcept {
    double const h = d / 2;
    return magnitude(h) < 1e-4 ? 1 - h * h / 3 : h * math::cos(h) / math::sin(h);
}

}  // namespace detail

// A = log Q, skew; `v` [n, n] and `t` [n] are as above; scratch holds three matrices. False when Q is not finite, no
// rotation up to rounding, or turns by pi, where there are two logarithms.
template <class Rows, class Squares, class T>
constexpr bool rotation_log(Squares const& on, T const* q, T* a, T* v, T* t, T* scratch) noexcept {
    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    int const n = on.n, size = n * n;
    if (!detail::can_be_evaluated(q, size)) return false;
    T *const symmetric = scratch, *const skew = scratch + size, *const rest = skew + size;
    on.template multiply<false, true>(q, q, rest);
    on.sum(rest, T(-1), term<T>{1, rest});
    if (!(on.norm(rest) <= 4096 * epsilon)) return false;
    on.template part<1>(symmetric, T(0.5), q);
    on.template part<-1>(skew, T(0.5), q);
    if (!eigh<Rows>(symmetric, t, v, rest, n)) return false;
    on.multiply(skew, v, rest);
    for (int j = 0; j < n; ++j) {
        T square = 0;
        for (int i = 0; i < n; ++i) square += rest[i * n + j] * rest[i * n + j];
        T const cosine = t[j], sine = Rows::sqrt(square);
        if (cosine < 0 && sine <= T(16 * n) * epsilon) return false;
        t[j] = static_cast<T>(detail::angle_of(static_cast<double>(sine), static_cast<double>(cosine)));
        T const factor = sine > 0 ? t[j] / sine : T(1);
        for (int i = 0; i < n; ++i) rest[i * n + j] *= factor;
    }
    on.template multiply<false, true>(rest, v, symmetric);
    on.template part<-1>(a, T(0.5), symmetric);
    return true;
}

// The cotangent of Q from that of log Q, the logarithm, V and the angles; scratch holds four matrices.
template <class Squares, class T>
constexpr void rotation_log_adjoint(Squares const& on, T const* q, T const* a, T const* v, T const* t,
                                    T const* cotangent, T* result, T* scratch) noexcept {
    int const n = on.n, size = n * n;
    T *const k = scratch, *const x = k + size, *const y = x + size, *const z = y + size;
    on.template part<-1>(k, T(0.5), cotangent);
    on.multiply(a, v, z);
    on.template multiply<true, false>(v, z, y);  // A in the basis V
    on.multiply(k, v, z);
    on.template multiply<true, false>(v, z, x);  // K in the basis V
    on.multiply(y, x, z);
    on.multiply(z, y, result);  // A K A
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            double const p = static_cast<double>(t[i]), r = static_cast<double>(t[j]);
            double const sum = detail::half_cotangent(p + r), difference = detail::half_cotangent(p - r);
            double const product = p * r, turned = product == 0 ? 0 : (sum - difference) / 2 / product;
            x[i * n + j] =
                static_cast<T>((sum + difference) / 2) * x[i * n + j] + static_cast<T>(turned) * result[i * n + j];
        }
    on.multiply(v, x, z);
    on.template multiply<false, true>(z, v, y);
    on.multiply(a, k, z);
    on.template part<-1>(x, T(-0.5), z);
    on.sum(z, T(0), term<T>{1, y}, term<T>{1, x});
    on.multiply(q, z, result);
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
