// What algorithms on whole square matrices do, element by element; kernel/squares.hpp has the same on vectors, for an
// order that is known while it is compiled.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/blocks.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

// A matrix with a factor, as a term of a sum.
template <class T>
struct term {
    T factor;
    T const* of;
};

template <class T>
struct scalar_squares {
    using value_type = T;
    int n;

    // C = op(A) op(B); c is none of the arguments.
    template <bool TransposeA = false, bool TransposeB = false>
    constexpr void multiply(T const* a, T const* b, T* c) const noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) c[i * n + j] = element<TransposeA, TransposeB>(a, b, i, j);
    }
    // The same where C is known to be symmetric (Sign = 1) or skew (-1): half of it is computed.
    template <int Sign>
    constexpr void multiply_half(T const* a, T const* b, T* c) const noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = i; j < n; ++j) {
                T const x = element<false, false>(a, b, i, j);
                c[j * n + i] = Sign * x;
                c[i * n + j] = x;
            }
    }
    // `to` = the sum of the terms, plus `diagonal` I; it may be one of the terms.
    template <class... Term>
    constexpr void sum(T* to, T diagonal, Term... terms) const noexcept {
        for (int i = 0; i < n * n; ++i) to[i] = ((terms.factor * terms.of[i]) + ...);
        for (int i = 0; i < n; ++i) to[i * n + i] += diagonal;
    }
    // `to` = factor (from + Sign from^T), which is another matrix.
    template <int Sign>
    constexpr void part(T* to, T factor, T const* from) const noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) to[i * n + j] = factor * (from[i * n + j] + Sign * from[j * n + i]);
    }
    // The largest sum of magnitudes along a row; infinity where one is not finite.
    constexpr T norm(T const* a) const noexcept {
        T largest = 0;
        for (int i = 0; i < n; ++i) {
            T total = 0;
            for (int j = 0; j < n; ++j) total += detail::magnitude(a[i * n + j]);
            if (!(total <= std::numeric_limits<T>::max())) return std::numeric_limits<T>::infinity();
            largest = total > largest ? total : largest;
        }
        return largest;
    }
    static constexpr T sqrt(T x) noexcept { return scalar_rows<T>::sqrt(x); }

  private:
    template <bool TransposeA, bool TransposeB>
    constexpr T element(T const* a, T const* b, int i, int j) const noexcept {
        T total = 0;
        for (int k = 0; k < n; ++k)
            total += a[TransposeA ? k * n + i : i * n + k] * b[TransposeB ? j * n + k : k * n + j];
        return total;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
