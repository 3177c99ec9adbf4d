// Triangular solves for compile-time sizes, on the panels of kernel/lu.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/lu.hpp"

namespace paramorph::kernel {

namespace detail {

template <class V, int N, int Columns, bool Transpose, bool Lower, bool Unit>
void triangular_panel(simd::value_t<V> const* t, simd::value_t<V> const* b, simd::value_t<V>* x,
                      std::ptrdiff_t stride) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    alignas(64) simd::value_t<V> panel[N * vectors * width];
    pack_panel<V, Columns, false>(b, stride, panel, N);
    substitute<V, N, vectors, Transpose, Lower, Unit>(t, panel);
    for (int i = 0; i < N; ++i)
        unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
            auto* const p = x + i * stride + v * width;
            V const value = simd::load<V>(panel + (i * vectors + v) * width);
            if constexpr (last != 0 && v == vectors - 1)
                simd::store_partial(p, value, last);
            else
                simd::store(p, value);
        });
}

}  // namespace detail

/// Solves op(T) X = B for the triangle of op(T), T or its transpose, that Lower names; what T holds elsewhere is not
/// read, nor its diagonal where Unit. T [N, N], B and X [N, Columns], row-major; x may be b. Cost: N^2 Columns
/// operations and one panel (N rows of two vectors) of stack.
template <class V, int N, int Columns, bool Transpose, bool Lower, bool Unit>
void triangular_solve(simd::value_t<V> const* t, simd::value_t<V> const* b, simd::value_t<V>* x) noexcept {
    constexpr int step = simd::width<V> * detail::tile_vectors<V, N + 4>, rest = Columns % step;
    for (int j = 0; j + step <= Columns; j += step)
        detail::triangular_panel<V, N, step, Transpose, Lower, Unit>(t, b + j, x + j, Columns);
    if constexpr (rest != 0)
        detail::triangular_panel<V, N, rest, Transpose, Lower, Unit>(t, b + Columns - rest, x + Columns - rest,
                                                                     Columns);
}

}  // namespace paramorph::kernel
