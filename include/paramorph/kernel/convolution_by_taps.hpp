// The adjoint of a convolution, by taps (op/convolution_plan.hpp): sums for each column of a filter, over outputs and
// rows of the filter, stay in registers; some channels' sums are written one after the other, with zeros beside them,
// and a row of an image is their sum, each from another column on. Two rows at a time, where their results are whole
// vectors side by side. A result is a sum of such chains; what is not finite meets what the formula says, as no zero is
// a factor. Cost: no copy of results; as many numbers on the stack as the target has `sums_of_taps`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/compat/simd_tiles.hpp"
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
    static constexpr op::convolution_sums sums_of = op::sums_of_adjoint(c, target_of<V>);
    static constexpr int width = simd::width<V>, groups = c.by.groups, outputs = c.filters.outer / groups,
                         channels = c.filters.inner, taps = c.filters.columns, columns = c.results.columns;
    static constexpr int result_plane = c.results.plane(), image_plane = c.images.plane(),
                         filter_plane = c.filters.plane(), filter = channels * filter_plane;
    // Of so many rows of an image: the tile, from channel to channel, and so many tiles of channels before sums are
    // added.
    template <int Rows>
    struct rows_at_once {
        static constexpr int columns = Rows * c.results.columns, apart = taps * Rows * sums_of.pitch;
        static constexpr register_tile in_registers =
            target_of<V>.taps_tile(channels, (columns + width - 1) / width, taps, sums_of.most / Rows);
        using split = split_rows<channels, in_registers.rows>;
        static constexpr int tile_columns = in_registers.vectors * width, full = columns / tile_columns,
                             rest = columns % tile_columns,
                             together = sums_of.most / Rows / (split::rows + (split::taller > 0 ? 1 : 0));
    };
    static constexpr int most_rows = op::rows_by_taps(c, target_of<V>, width);
    // Rows of a filter are emitted one after the other where all lie over results.
    static constexpr bool unrolls = c.filters.rows <= target_of<V>.taps_together;

    // The sums of some channels and vectors for rows `first` to `end` of the filters, of which row 0 takes row `top`
    // of the results. They begin at column `from` of Rows rows, one after the other.
    template <int Rows, int Channels, int Columns>
    static void tile(T const* y, T const* w, int top, int first, int end, T* to, int from) noexcept {
        constexpr int wide = (Columns + width - 1) / width, factors = Channels * taps;
        constexpr auto column = [](int v) { return std::min(v * width, Columns - width); };
        V sums[factors * wide];
        unrolled<factors * wide>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
        auto const add = [&](T const* source, T const* filters) __attribute__((always_inline)) {
            V row[wide], factor[factors];
            auto const load = [&](auto v) __attribute__((always_inline)) {
                row[v] = simd::in_register(simd::load<V>(source + column(v)));
            };
            auto const splat = [&](auto i) __attribute__((always_inline)) {
                factor[i] = simd::splat<V>(filters[i / taps * filter_plane + i % taps]);
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
        y += from;
        if (unrolls && Rows == most_rows && end - first == c.filters.rows) {
            for (int o = 0; o < outputs; ++o, y += result_plane, w += filter)
                unrolled<unrolls ? c.filters.rows : 0>(
                    [&](auto k) __attribute__((always_inline)) { add(y + k * down, w + k * taps); });
        } else
            for (int o = 0; o < outputs; ++o, y += result_plane, w += filter)
                for (int k = 0; k < end - first; ++k) add(y + k * down, w + k * taps);
        unrolled<factors>([&](auto i) __attribute__((always_inline)) {
            unrolled<wide>([&](auto v) __attribute__((always_inline)) {
                constexpr bool divides = columns % width == 0;
                auto const at = [&](int j) __attribute__((always_inline)) {
                    return to + i * Rows * sums_of.pitch + j +
                           (Rows == 1 ? 0 : j / columns * (sums_of.pitch - columns));
                };
                int const j = from + column(v);
                if constexpr (Rows == 1 || divides)
                    simd::store(at(j), sums[i * wide + v]);
                else
                    simd::store_halves(at(j), at(j + width / 2), sums[i * wide + v]);
            });
        });
    }

    // So many rows of some channels of an image.
    static void add(T const* sums, T* image, int rows, int count) noexcept {
        int const apart = rows * sums_of.pitch;
        for (int n = 0; n < count; ++n, sums += taps * apart, image += image_plane)
            for (int i = 0; i < rows; ++i) {
                T const* const first = sums + i * sums_of.pitch + sums_of.before + c.by.padding[1];
                auto const at = [&](int j) __attribute__((always_inline)) {
                    V sum = simd::load<V>(first + j);
                    unrolled<1, taps>([&](auto l) __attribute__((always_inline)) {
                        sum = sum + simd::load<V>(first + l * (apart - c.by.dilation[1]) + j);
                    });
                    simd::store(image + i * c.images.columns + j, sum);
                };
                for (int j = 0; j + width <= c.images.columns; j += width) at(j);
                if constexpr (c.images.columns % width != 0) at(c.images.columns - width);
            }
    }

    // Rows from i on.
    template <int Rows>
    static void rows(T const* y, T const* filters, int i, int first, int end, T* image, T* room) noexcept {
        using by = rows_at_once<Rows>;
        using split = typename by::split;
        for (int t = 0; t < split::count;) {
            auto const channel = [](int t) { return t * split::rows + std::min(t, split::taller); };
            int const begin = channel(t), last = std::min(split::count, t + by::together);
            for (; t < last; ++t) {
                T const* const w = filters + channel(t) * filter_plane;
                T* const to = room + (channel(t) - begin) * by::apart + sums_of.before;
                auto const of_channels = [&]<int Channels>() __attribute__((always_inline)) {
                    for (int j = 0; j < by::full; ++j)
                        tile<Rows, Channels, by::tile_columns>(y, w, i + c.by.padding[0], first, end, to,
                                                               j * by::tile_columns);
                    if constexpr (by::rest > 0)
                        tile<Rows, Channels, by::rest>(y, w, i + c.by.padding[0], first, end, to,
                                                       by::full * by::tile_columns);
                };
                if (t < split::taller)
                    of_channels.template operator()<split::rows + (split::taller > 0)>();
                else
                    of_channels.template operator()<split::rows>();
            }
            add(room, image + begin * image_plane, Rows, channel(last) - begin);
        }
    }
    // The next rows: how many.
    static int next_rows(T const* y, T const* filters, int i, T* image, T* room) noexcept {
        // Rows of filters that lie over a row of results.
        int const top = i + c.by.padding[0], below = top - (c.results.rows - 1), d = c.by.dilation[0];
        int const first = below > 0 ? (below + d - 1) / d : 0, end = std::min(c.filters.rows, top / d + 1);
        if constexpr (most_rows > 1)
            if (end == c.filters.rows && below + 1 <= 0 && i + 1 < c.images.rows) {
                rows<most_rows>(y, filters, i, 0, c.filters.rows, image, room);
                return most_rows;
            }
        rows<1>(y, filters, i, first, end, image, room);
        return 1;
    }

    static void run(T const* results, T const* filters, T* images, int count) noexcept {
        alignas(64) T room[target_of<V>.sums_of_taps];
        std::fill_n(room, target_of<V>.sums_of_taps, T(0));
        for (int n = 0; n < count; ++n)
            for (int g = 0; g < groups; ++g, results += outputs * result_plane, images += channels * image_plane)
                for (int i = 0; i < c.images.rows;)
                    i += next_rows(results, filters + g * outputs * filter, i, images + i * c.images.columns, room);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
