// What the algorithms of dense linear algebra do to rows and blocks of a matrix, element by element. Each algorithm is
// written once, against such a class: in constant evaluation it gets the one below, in a kernel the one of
// kernel/blocks.hpp, which works on vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <type_traits>

#include "paramorph/core/row_primitives.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

// What becomes of a product: C = AB, C += AB, C -= AB, C = -AB.
enum class into { assign, add, subtract, negative };

template <class T>
struct scalar_blocks : scalar_rows<T> {
    static constexpr T dot(T const* x, T const* y, int n) noexcept {
        T total = 0;
        for (int i = 0; i < n; ++i) total += x[i] * y[i];
        return total;
    }
    // x += factor y.
    static constexpr void add(T* x, T factor, T const* y, int n) noexcept {
        for (int i = 0; i < n; ++i) x[i] += factor * y[i];
    }
    static constexpr void scale(T* x, T factor, int n) noexcept {
        for (int i = 0; i < n; ++i) x[i] *= factor;
    }
    // A step of Gauss and Jordan on A [n, n], n at most 16, with the element (k, k) as pivot, whose reciprocal is
    // given.
    static constexpr void gauss_jordan_step(T* a, int stride, int n, int k, T reciprocal) noexcept {
        T* const pivot = a + k * stride;
        pivot[k] = 1;
        scale(pivot, reciprocal, n);
        for (int i = 0; i < n; ++i) {
            if (i == k) continue;
            T* const row = a + i * stride;
            T const factor = -row[k];
            row[k] = 0;
            add(row, factor, pivot, n);
        }
    }
    // C (=, +=, -=) op(A) B: C [m, n], op(A) [m, k], B [k, n], each with its own distance between rows.
    template <into How, bool TransposeA = false>
    static constexpr void multiply(T const* a, int a_stride, T const* b, int b_stride, T* c, int c_stride, int m, int n,
                                   int k) noexcept {
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) {
                T total = 0;
                for (int l = 0; l < k; ++l)
                    total += a[TransposeA ? l * a_stride + i : i * a_stride + l] * b[l * b_stride + j];
                T& to = c[i * c_stride + j];
                to = How == into::add ? to + total : How == into::subtract ? to - total : total;
                if (How == into::negative) to = -to;
            }
    }
};

namespace detail {

// Is every element a finite number? Zeroths of all of them add up to zero, or to NaN: one multiplication and addition
// each.
template <class T>
constexpr bool all_finite(T const* a, int size) noexcept {
    if (std::is_constant_evaluated()) {  // which refuses 0 times infinity
        for (int i = 0; i < size; ++i)
            if (!(a[i] <= std::numeric_limits<T>::max() && a[i] >= -std::numeric_limits<T>::max())) return false;
        return true;
    }
    T zero = 0;  // 0 x is 0 for finite x only
    for (int i = 0; i < size; ++i) zero += a[i] * 0;
    return zero == 0;
}

// A block's order is split so that the first part fills whole vectors of eight.
constexpr int first_half(int n) noexcept {
    return (n / 2 + 7) / 8 * 8;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
