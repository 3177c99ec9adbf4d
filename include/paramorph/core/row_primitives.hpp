// What the algorithms of dense linear algebra do to rows of a matrix, element by element; and exchanges of elements and
// rows, which they share. kernel/svd.hpp has `scalar_rows` on vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "paramorph/core/constexpr_math.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

namespace detail {

template <class T>
constexpr T magnitude(T x) noexcept {
    return x < 0 ? -x : x;
}

// The largest magnitude of these numbers; NaN where one of them is NaN. Magnitudes are in the order of their bits, and
// the largest integer is one that compilers find by vectors.
template <class T>
constexpr T largest_magnitude(T const* a, int size) noexcept {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    bits largest = 0;
    for (int i = 0; i < size; ++i) {
        bits const of_this = std::bit_cast<bits>(a[i]) & std::numeric_limits<bits>::max();
        largest = of_this > largest ? of_this : largest;
    }
    return std::bit_cast<T>(largest);
}

// Constant evaluation refuses an overflow and a NaN. Are these numbers finite, and so far from the ends of the range
// that products of three or four of them do not overflow? At run time the answer is true: there what is not finite
// shows in the result.
template <class T>
constexpr bool can_be_evaluated(T const* a, int size) noexcept {
    constexpr T largest = sizeof(T) == 4 ? T(0x1p30) : T(0x1p250);
    if (std::is_constant_evaluated())
        for (int i = 0; i < size; ++i)
            if (!(a[i] <= largest && a[i] >= -largest)) return false;
    return true;
}
// The same for what is divided by: it is not too small, either.
template <class T>
constexpr bool can_divide(T x) noexcept {
    constexpr T least = sizeof(T) == 4 ? T(0x1p-30) : T(0x1p-250);
    return !std::is_constant_evaluated() || x >= least || x <= -least;
}

// A power of two that takes numbers of this largest magnitude from the ends of the range; 1 where they are not near.
template <class T>
constexpr T scale_from_ends(T largest) noexcept {
    constexpr T small = sizeof(T) == 4 ? T(0x1p-90) : T(0x1p-900), up = sizeof(T) == 4 ? T(0x1p60) : T(0x1p600);
    if (!(largest > 0 && largest <= std::numeric_limits<T>::max())) return 1;
    T scale = largest > std::numeric_limits<T>::max() / 0x1p8 ? T(0x1p-8) : T(1);
    while (largest * scale < small) scale *= up;
    return scale;
}

template <class T>
constexpr void swap_values(T& a, T& b) noexcept {
    T const t = a;
    a = b;
    b = t;
}

template <class T>
constexpr void swap_rows(T* a, int n, int i, int j) noexcept {
    for (int k = 0; k < n; ++k) swap_values(a[i * n + k], a[j * n + k]);
}

// Transposes [rows, columns] in place, cycle by cycle.
template <class T>
constexpr void transpose_in_place(T* a, int rows, int columns) noexcept {
    if (rows == columns) {
        for (int i = 0; i < rows; ++i)
            for (int j = i + 1; j < rows; ++j) swap_values(a[i * rows + j], a[j * rows + i]);
        return;
    }
    auto const next = [&](int i) { return i % columns * rows + i / columns; };
    for (int start = 1; start < rows * columns - 1; ++start) {
        int i = next(start);
        while (i > start) i = next(i);
        if (i < start) continue;  // its cycle was moved from a smaller start
        for (i = next(start); i != start; i = next(i)) swap_values(a[start], a[i]);
    }
}

}  // namespace detail

template <class T>
struct scalar_rows {
    using value_type = T;
    static constexpr T sqrt(T x) noexcept { return static_cast<T>(math::sqrt(static_cast<double>(x))); }

    // The squared norms of x and y and their inner product.
    static constexpr void products(T const* x, T const* y, int n, T& xx, T& yy, T& xy) noexcept {
        for (int i = 0; i < n; ++i) xx += x[i] * x[i], yy += y[i] * y[i], xy += x[i] * y[i];
    }
    // (x, y) <- (c x - s y, s x + c y).
    static constexpr void rotate(T* x, T* y, int n, T c, T s) noexcept {
        for (int i = 0; i < n; ++i) {
            T const t = x[i];
            x[i] = c * t - s * y[i], y[i] = s * t + c * y[i];
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
