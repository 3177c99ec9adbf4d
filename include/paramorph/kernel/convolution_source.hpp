// What a convolution reads, packed: one group of an image with zeros around it (op/convolution_plan.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/compat/simd.hpp"
#include "paramorph/op/convolution_plan.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// The lanes that the workspace is planned for.
template <class T>
inline constexpr int planned_lanes = simd::width<simd::best<T>>;

// Are n numbers neither infinite nor NaN?
template <class V>
bool all_finite(simd::value_t<V> const* x, int n) noexcept {
    constexpr int width = simd::width<V>;
    V sum = simd::splat<V>(0);
    int i = 0;
    for (; i + width <= n; i += width) sum = simd::fma(simd::load<V>(x + i), simd::splat<V>(0), sum);
    if (i < n) sum = simd::fma(simd::load_partial<V>(x + i, n - i), simd::splat<V>(0), sum);
    return simd::reduce_add(sum) == 0;
}

template <class V>
inline void copy_row(simd::value_t<V> const* from, simd::value_t<V>* to, int n) noexcept {
    constexpr int width = simd::width<V>;
    int i = 0;
    for (; i + width <= n; i += width) simd::store(to + i, simd::load<V>(from + i));
    for (; i < n; ++i) to[i] = from[i];
}

// Copies one group of an image into the middle of what is zero.
template <class V, class Source>
void pack_source(simd::value_t<V> const* from, simd::value_t<V>* to) noexcept {
    constexpr op::convolution_source s = Source::value;
    constexpr int rows = std::min(s.rows, s.packed_rows - s.top),
                  columns = std::min(s.columns, s.packed_columns - s.left);
    for (int c = 0; c < s.channels; ++c)
        for (int i = 0; i < rows; ++i) {
            auto const* const row = from + (c * s.rows + i) * s.columns;
            auto* const packed = to + c * s.plane + (s.top + i) * s.pitch;
            if constexpr (s.steps == 1)
                copy_row<V>(row, packed + s.left, columns);
            else
                for (int r = 0; r < s.steps; ++r) {
                    constexpr int first = s.left;
                    int j = (r + s.steps - first % s.steps) % s.steps;
                    auto* p = packed + r * s.step_pitch + (first + j) / s.steps;
                    for (; j < columns; j += s.steps) *p++ = row[j];
                }
        }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
