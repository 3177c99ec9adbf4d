// The thin singular value decomposition at run time: the one-sided Jacobi method of core/svd.hpp, its inner products
// and rotations on vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd.hpp"
#include "paramorph/core/cmath.hpp"
#include "paramorph/core/svd.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// linalg::scalar_rows on vectors; the last, partial vector is padded with zeros.
template <class V>
struct vector_rows {
    using value_type = simd::value_t<V>;
    using T = value_type;
    static T sqrt(T x) noexcept { return std::sqrt(x); }

    static void products(T const* x, T const* y, int n, T& xx, T& yy, T& xy) noexcept {
        constexpr int width = simd::width<V>;
        V a = simd::splat<V>(0), b = a, c = a;
        auto const add = [&](V u, V v) __attribute__((always_inline)) {
            a = simd::fma(u, u, a), b = simd::fma(v, v, b), c = simd::fma(u, v, c);
        };
        int i = 0;
        for (; i + width <= n; i += width) add(simd::load<V>(x + i), simd::load<V>(y + i));
        if (i < n) add(simd::load_partial<V>(x + i, n - i), simd::load_partial<V>(y + i, n - i));
        xx = simd::reduce_add(a), yy = simd::reduce_add(b), xy = simd::reduce_add(c);
    }

    static void rotate(T* x, T* y, int n, T c, T s) noexcept {
        constexpr int width = simd::width<V>;
        V const cosine = simd::splat<V>(c), sine = simd::splat<V>(s);
        int i = 0;
        for (; i + width <= n; i += width) {
            V const u = simd::load<V>(x + i), v = simd::load<V>(y + i);
            simd::store(x + i, simd::fnma(sine, v, cosine * u));
            simd::store(y + i, simd::fma(sine, u, cosine * v));
        }
        if (i < n) {
            V const u = simd::load_partial<V>(x + i, n - i), v = simd::load_partial<V>(y + i, n - i);
            simd::store_partial(x + i, simd::fnma(sine, v, cosine * u), n - i);
            simd::store_partial(y + i, simd::fma(sine, u, cosine * v), n - i);
        }
    }
};

}  // namespace detail

// The thin singular value decomposition A = U diag(S) Vh: U [M, K], S [K] descending, Vh [K, N], K = min(M, N).
// Orthonormal whatever the rank; signs, errors and cost as linalg::svd says. Needs no memory but its results.
template <class V, int M, int N>
bool svd(simd::value_t<V> const* a, simd::value_t<V>* u, simd::value_t<V>* s, simd::value_t<V>* vh,
         simd::value_t<V>* scaled = nullptr) noexcept {
    static_assert(M > 0 && N > 0, "svd: both extents must be at least 1");
    return linalg::svd<detail::vector_rows<V>>(a, u, s, vh, M, N, scaled);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
