// Tiles: squares of as many rows as a vector has lanes, in which a body of a fused step is computed where it reads its
// operands transposed. Those are transposed in registers, a group of rows at a time; a ragged edge goes row by row.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/row_loop.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <class Body>
struct tiled {
    using V = typename Body::vector;
    using T = simd::value_t<V>;
    using sources = typename Body::sources;
    using targets = typename Body::targets;
    static constexpr int width = Body::width, columns = Body::columns;
    // What of a tile is in registers at a time: a group of its rows, or all of them at a ragged edge.
    static constexpr int group_rows = Body::shape.whole_lines ? width : simd::transposed_rows<V>;
    using group_set = V[Body::shape.tiled_loads == 0 ? 1 : Body::shape.tiled_loads][group_rows];
    using tile_set = V[Body::shape.tiled_loads == 0 ? 1 : Body::shape.tiled_loads][width];

    [[gnu::always_inline]] static void load_group(V (&t)[group_rows], T const* p, index stride, int group) {
        if constexpr (Body::shape.whole_lines) {
            unrolled<width>([&](auto c) __attribute__((always_inline)) { t[c] = simd::load<V>(p + c * stride); });
            simd::transpose(t);
        } else
            simd::load_transposed(t, p, stride, group);
    }
    template <narrow S>
    [[gnu::always_inline]] static void load_group(V (&t)[group_rows], S const* p, index stride, int group) {
        for (int r = 0; r < group_rows; ++r) {
            T lanes[width];
            for (int c = 0; c < width; ++c) lanes[c] = T(p[c * stride + group * group_rows + r]);
            t[r] = simd::load<V>(lanes);
        }
    }
    // f(row, values) for each row of `Across` whole tiles side by side at row i, column j; `distance` is j - i, which
    // may be known.
    template <int Across, class F>
    [[gnu::always_inline]] static void for_rows(sources const& from, index i, index j, index distance, F const& f) {
        unrolled<width / group_rows>([&](auto group) __attribute__((always_inline)) {
            group_set t[Across];
            unrolled<Across>([&](auto a) __attribute__((always_inline)) {
                unrolled<Body::loads.count>([&](auto l) __attribute__((always_inline)) {
                    constexpr int k = Body::loads.at[l];
                    constexpr instruction x = Body::at(k);
                    if constexpr (Body::by_tiles(x))
                        load_group(t[a][Body::tile_index(k)],
                                   Body::template source<k>(from) + i + (j + a * width) * x.stride[3], x.stride[3],
                                   group);
                });
            });
            unrolled<group_rows>([&](auto r) __attribute__((always_inline)) {
                constexpr int down = group * group_rows + r;
                typename Body::values value[Across];
                unrolled<Across>([&](auto a) __attribute__((always_inline)) {
                    constexpr int right = a * width;
                    Body::template compute<false, false>(value[a], from, t[a], i + down, j + right,
                                                         distance + right - down, down, width);
                });
                f(std::integral_constant<int, down>{}, value);
            });
        });
    }

    // The same, stored: each row's vectors next to each other.
    template <int Across>
    [[gnu::always_inline]] static void tile(sources const& from, targets const& to, index i, index j, index distance) {
        for_rows<Across>(from, i, j, distance, [&](auto down, auto const& value) __attribute__((always_inline)) {
            unrolled<Body::plan.store_count>([&](auto k) __attribute__((always_inline)) {
                constexpr index stride = Body::stride_of_store(k, 2);
                if constexpr (Across > 1) simd::keep_order();
                unrolled<Across>([&](auto a) __attribute__((always_inline)) {
                    simd::store(to.at[k] + (i + down) * stride + j + a * width, value[a].of[Body::written(k)]);
                });
                if constexpr (Across > 1) simd::keep_order();
            });
        });
    }

    // The ragged tile of `height` rows and `n` columns.
    [[gnu::noinline]] static void edge(sources const& from, targets const& to, index i, index j, int height,
                                       int n) noexcept {
        tile_set t;
        unrolled<Body::loads.count>([&](auto l) __attribute__((always_inline)) {
            constexpr int k = Body::loads.at[l];
            constexpr instruction x = Body::at(k);
            if constexpr (Body::by_tiles(x)) {
                V(&rows_of)[width] = t[Body::tile_index(k)];
                for (int c = 0; c < width; ++c)
                    rows_of[c] = c < n ? simd::load_partial<V>(
                                             Body::template source<k>(from) + i + (j + c) * x.stride[3], height)
                                       : simd::splat<V>(T(0));
                simd::transpose(rows_of);
            }
        });
        typename Body::accumulators none;
        for (int r = 0; r < height; ++r)
            Body::template elements<false, true>(from, to, none, 0, t, i + r, j, j - i - r, r, n);
    }

    // Rows [i, i + height), columns [first, last). `Whole`: height, first and last are multiples of the width.
    template <bool Whole>
    [[gnu::always_inline]] static void band(sources const& from, targets const& to, index i, int height, index first,
                                            index last) {
        if constexpr (Body::shape.tiled_loads > 0) {
            constexpr int across = Body::shape.tiles;
            index j = first;
            if constexpr (Whole && across > 1)
                for (; j + across * width <= last; j += across * width)
                    for (int r = 0; r < height; r += width) tile<across>(from, to, i + r, j, j - i - r);
            for (; j < last; j += width) {
                int const n = static_cast<int>(last - j < width ? last - j : width);
                for (int r = 0; r < height; r += width) {
                    int const h = height - r < width ? height - r : width;
                    if (Whole || (h == width && n == width))
                        tile<1>(from, to, i + r, j, j - i - r);
                    else
                        edge(from, to, i + r, j, h, n);
                }
            }
        } else if constexpr (Whole && Body::shape.loads == 0 && Body::shape.in_first_cache) {
            // Numbers alone: two vectors of every row side by side.
            tile_set none;
            typename Body::accumulators no_sums;
            index j = first;
            for (; j + 2 * width <= last; j += 2 * width)
                for (int r = 0; r < height; r += width)
                    unrolled<2 * width>([&](auto u) __attribute__((always_inline)) {
                        index const row = i + r + u / 2, column = j + u % 2 * width;
                        Body::template elements<false, false>(from, to, no_sums, 0, none, row, column, column - row, 0,
                                                              width);
                    });
            if (j < last)
                for (int r = 0; r < height; ++r)
                    Body::template elements<false, false>(from, to, no_sums, 0, none, i + r, j, j - i - r, 0, width);
        } else {
            for (int r = 0; r < height; ++r)
                by_rows<Body>::template row<columns % width != 0>(from, to, i + r, first, last);
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
