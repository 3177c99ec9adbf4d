// linalg::scalar_squares on vectors: what algorithms on whole square matrices of order N do.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/squares.hpp"
#include "paramorph/kernel/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <class V, int N>
struct vector_squares {
    using value_type = simd::value_t<V>;
    using T = value_type;
    static constexpr int n = N, size = N * N, width = simd::width<V>, whole = N / width * width;

    template <bool TransposeA = false, bool TransposeB = false>
    static void multiply(T const* a, T const* b, T* c) noexcept {
        matmul<V, N, N, N, TransposeA, TransposeB>(a, b, c);
    }
    template <int Sign>
    static void multiply_half(T const* a, T const* b, T* c) noexcept {
        if constexpr (N <= 4 * width) return multiply(a, b, c);  // half of few tiles is most of them
        detail::multiply<V, N, N, N, false, false, true>(a, b, c);
        for (int i = 0; i < whole; i += width) {
            for (int j = 0; j < i; j += width) {
                V square[width];
                load(square, c + j * N + i);
                simd::transpose(square);
                unrolled<width>([&](auto k) __attribute__((always_inline)) {
                    simd::store(c + (i + k) * N + j, signed_<Sign>(square[k]));
                });
            }
            for (int k = 1; k < width; ++k)
                for (int j = 0; j < k; ++j) c[(i + k) * N + i + j] = Sign * c[(i + j) * N + i + k];
        }
        for (int i = whole; i < N; ++i)
            for (int j = 0; j < i; ++j) c[i * N + j] = Sign * c[j * N + i];
    }
    template <class... Term>
    static void sum(T* to, T diagonal, Term... terms) noexcept {
        int i = 0;
        for (; i + width <= size; i += width)
            simd::store(to + i, ((simd::splat<V>(terms.factor) * simd::load<V>(terms.of + i)) + ...));
        for (; i < size; ++i) to[i] = ((terms.factor * terms.of[i]) + ...);
        if (diagonal != 0)
            for (int k = 0; k < N; ++k) to[k * N + k] += diagonal;
    }
    template <int Sign>
    static void part(T* to, T factor, T const* from) noexcept {
        V const f = simd::splat<V>(factor);
        for (int i = 0; i < whole; i += width)
            for (int j = 0; j < whole; j += width) {
                V square[width];
                load(square, from + j * N + i);
                simd::transpose(square);
                unrolled<width>([&](auto k) __attribute__((always_inline)) {
                    int const at = (i + k) * N + j;
                    simd::store(to + at, f * (simd::load<V>(from + at) + signed_<Sign>(square[k])));
                });
            }
        for (int i = 0; i < N; ++i)
            for (int j = i < whole ? whole : 0; j < N; ++j)
                to[i * N + j] = factor * (from[i * N + j] + Sign * from[j * N + i]);
    }
    static T norm(T const* a) noexcept {
        T largest = 0;
        for (int i = 0; i < N; ++i) {
            V total = simd::splat<V>(0);
            for (int j = 0; j < whole; j += width) total = total + simd::abs(simd::load<V>(a + i * N + j));
            if constexpr (whole < N) total = total + simd::abs(simd::load_partial<V>(a + i * N + whole, N - whole));
            T const sum = simd::reduce_add(total);
            if (!(sum <= std::numeric_limits<T>::max())) return std::numeric_limits<T>::infinity();
            largest = sum > largest ? sum : largest;
        }
        return largest;
    }
    static T sqrt(T x) noexcept { return std::sqrt(x); }

  private:
    static void load(V (&square)[width], T const* from) noexcept {
        unrolled<width>([&](auto k) __attribute__((always_inline)) { square[k] = simd::load<V>(from + k * N); });
    }
    template <int Sign>
    [[gnu::always_inline]] static V signed_(V x) noexcept {
        if constexpr (Sign < 0)
            return -x;
        else
            return x;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
