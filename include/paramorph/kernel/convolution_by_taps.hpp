// The adjoint of a convolution, by taps (op/convolution_plan.hpp): sums for each column of a filter, over outputs and
// rows of the filter, stay in registers; some channels' sums are written one after the other, with zeros beside them,
// and a row of an image is their sum, each from another column on. A result is a sum of such chains; what is not finite
// meets what the formula says, as no zero is a factor. Cost: no copy of results, 16 KiB of stack at most.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "paramorph/kernel/convolution_source.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// Node: of a convolution_to_images.
template <class Node, class V>
struct adjoint_by_taps {
    using T = simd::value_t<V>;
    static constexpr op::convolving c =
        op::flattened(op::convolution_to_images::loops(Node::shape(0), Node::shape(1), Node::attribute));
    static constexpr op::convolution_sums sums_of = op::sums_of_adjoint(c);
    static constexpr int width = simd::width<V>, groups = c.by.groups, outputs = c.filters.outer / groups,
                         channels = c.filters.inner, taps = c.filters.columns, columns = c.results.columns;
    static constexpr int result_plane = c.results.plane(), image_plane = c.images.plane(),
                         filter_plane = c.filters.plane(), filter = channels * filter_plane;
    static constexpr register_tile in_registers =
        target_of<V>.taps_tile(channels, (columns + width - 1) / width, taps, sums_of.most);
    using split = split_rows<channels, in_registers.rows>;
    static constexpr int tile_columns = in_registers.vectors * width, full = columns / tile_columns,
                         rest = columns % tile_columns;
    // Rows of a filter are emitted one after the other where all lie over results.
    static constexpr bool unrolls = c.filters.rows <= target_of<V>.taps_together;
    // From channel to channel, and so many tiles of channels before sums are added.
    static constexpr int apart = taps * sums_of.pitch,
                         together = sums_of.most / (split::rows + (split::taller > 0 ? 1 : 0));

    /// The sums of some channels and vectors for rows `first` to `end` of the filters, of which row 0 takes row `top`
    /// of the results.
    template <int Channels, int Columns>
    static void tile(T const* y, T const* w, int top, int first, int end, T* to) noexcept {
        constexpr int wide = (Columns + width - 1) / width, factors = Channels * taps;
        constexpr auto column = [](int v) { return std::min(v * width, Columns - width); };
        V sums[factors * wide];
        unrolled<factors * wide>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
        auto const add = [&](T const* source, T const* from) __attribute__((always_inline)) {
            V row[wide], factor[factors];
            auto const load = [&](auto v) __attribute__((always_inline)) {
                row[v] = simd::in_register(simd::load<V>(source + column(v)));
            };
            auto const splat = [&](auto i) __attribute__((always_inline)) {
                factor[i] = simd::splat<V>(from[i / taps * filter_plane + i % taps]);
            };
            auto const sum = [&](auto i, auto v) __attribute__((always_inline)) {
                sums[i * wide + v] = add_in_tile<(factors < wide)>(sums[i * wide + v], factor[i], row[v]);
            };
            // The smaller number of vectors stays in registers while the others go by.
            if constexpr (factors < wide) {
                unrolled<factors>(splat);
                unrolled<wide>([&](auto v) __attribute__((always_inline)) {
                    load(v);
                    unrolled<factors>([&](auto i) __attribute__((always_inline)) { sum(i, v); });
                });
            } else {
                unrolled<wide>(load);
                unrolled<factors>([&](auto i) __attribute__((always_inline)) {
                    splat(i);
                    unrolled<wide>([&](auto v) __attribute__((always_inline)) { sum(i, v); });
                });
            }
        };
        constexpr int down = -c.by.dilation[0] * columns;
        y += (top + first * -c.by.dilation[0]) * columns;
        w += first * taps;
        if (unrolls && end - first == c.filters.rows) {
            for (int o = 0; o < outputs; ++o, y += result_plane, w += filter)
                unrolled<unrolls ? c.filters.rows : 0>(
                    [&](auto k) __attribute__((always_inline)) { add(y + k * down, w + k * taps); });
        } else
            for (int o = 0; o < outputs; ++o, y += result_plane, w += filter)
                for (int k = 0; k < end - first; ++k) add(y + k * down, w + k * taps);
        unrolled<factors>([&](auto i) __attribute__((always_inline)) {
            unrolled<wide>([&](auto v) __attribute__((always_inline)) {
                simd::store(to + i * sums_of.pitch + column(v), sums[i * wide + v]);
            });
        });
    }

    /// Row i of some channels of an image.
    static void add(T const* sums, T* image, int count) noexcept {
        for (int n = 0; n < count; ++n, sums += apart, image += image_plane) {
            auto const at = [&](int j) __attribute__((always_inline)) {
                V sum = simd::load<V>(sums + sums_of.before + c.by.padding[1] + j);
                unrolled<1, taps>([&](auto l) __attribute__((always_inline)) {
                    constexpr int moved = l * sums_of.pitch + sums_of.before + c.by.padding[1] - l * c.by.dilation[1];
                    sum = sum + simd::load<V>(sums + moved + j);
                });
                simd::store(image + j, sum);
            };
            for (int j = 0; j + width <= c.images.columns; j += width) at(j);
            if constexpr (c.images.columns % width != 0) at(c.images.columns - width);
        }
    }

    static void row(T const* y, T const* filters, int i, T* image, T* room) noexcept {
        // Rows of filters that lie over a row of results.
        int const top = i + c.by.padding[0], below = top - (c.results.rows - 1), d = c.by.dilation[0];
        int const first = below > 0 ? (below + d - 1) / d : 0, end = std::min(c.filters.rows, top / d + 1);
        for (int t = 0; t < split::count;) {
            auto const channel = [](int t) { return t * split::rows + std::min(t, split::taller); };
            int const begin = channel(t), last = std::min(split::count, t + together);
            for (; t < last; ++t) {
                T const* const w = filters + channel(t) * filter_plane;
                T* const to = room + (channel(t) - begin) * apart + sums_of.before;
                auto const of_channels = [&]<int Channels>() __attribute__((always_inline)) {
                    for (int j = 0; j < full; ++j)
                        tile<Channels, tile_columns>(y + j * tile_columns, w, top, first, end, to + j * tile_columns);
                    if constexpr (rest > 0)
                        tile<Channels, rest>(y + full * tile_columns, w, top, first, end, to + full * tile_columns);
                };
                if (t < split::taller)
                    of_channels.template operator()<split::rows + (split::taller > 0)>();
                else
                    of_channels.template operator()<split::rows>();
            }
            add(room, image + begin * image_plane, channel(last) - begin);
        }
    }

    static void run(T const* results, T const* filters, T* images, int count) noexcept {
        alignas(64) T room[op::convolution_sums::room];
        std::fill_n(room, op::convolution_sums::room, T(0));
        for (int n = 0; n < count; ++n)
            for (int g = 0; g < groups; ++g, results += outputs * result_plane, images += channels * image_plane)
                for (int i = 0; i < c.images.rows; ++i)
                    row(results, filters + g * outputs * filter, i, images + i * c.images.columns, room);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
