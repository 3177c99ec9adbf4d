// Convolutions without vectors: tiles of the result stay in registers while channels and taps go by. An element of the
// image is loaded once for all taps and outputs of the tile that read it.
//
// A short row (at most `longest_row` results) is one tile, for which the taps that lie outside of the image are left
// out by the compiler. Of a longer one, tiles cover the part where all taps lie within; results at its ends, and what
// is left of it, are computed one by one. Each result is one chain, over the channels, then the taps, row by row, as in
// op::convolution. No copy of an image, no workspace.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/row_product.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Node: of a convolution.
template <class Node, class T>
struct convolution_on_scalars {
    static constexpr op::convolving c = op::convolution::loops(Node::shape(0), Node::shape(1), Node::attribute);
    static constexpr int groups = c.by.groups, outputs = c.filters.outer / groups, channels = c.filters.inner,
                         stride = c.by.stride[1], dilation = c.by.dilation[1], padding = c.by.padding[1],
                         columns = c.results.columns, taps = c.filters.columns, tap_rows = c.filters.rows;
    static constexpr index row_step = c.images.columns, plane = index(c.images.rows) * c.images.columns,
                           filter_plane = index(tap_rows) * taps, filter = channels * filter_plane;
    static constexpr bool by_rows = c.images.rows > 1 || tap_rows > 1 || c.results.rows > 1;
    // So many sums of a tile, and results in a row that is one tile.
    static constexpr int most_sums = target_of<T>.scalar_tile.rows * target_of<T>.scalar_tile.vectors,
                         longest_row = most_sums * 3 / 4;

    // Results whose taps all lie within the image: [first, end).
    static constexpr int first = std::min(columns, (padding + stride - 1) / stride);
    static constexpr int end = [] {
        int const last = c.images.columns - 1 + padding - (taps - 1) * dilation;
        return std::max(first, last < 0 ? 0 : std::min(columns, last / stride + 1));
    }();
    static constexpr bool whole = columns <= longest_row;
    // The width of tiles: that which leaves least of a row.
    static constexpr int width = [] {
        if (whole) return columns;
        int best = 1, left = 0;
        for (int w = most_sums / 2; w >= most_sums / 4; --w) {
            int const rest = (end - first) % w;
            if (best == 1 || rest < left) best = w, left = rest;
        }
        return end - first < best ? 1 : best;
    }();
    static constexpr int together = std::max(1, std::min({outputs, most_sums / width, target_of<T>.scalar_tile.rows}));

    // Is tap k of column j of a tile within the image? Of tiles inside of a row it is.
    static constexpr bool within(int j, int k) {
        int const at = j * stride + k * dilation - padding;
        return !whole || (at >= 0 && at < c.images.columns);
    }
    // The column of a tile whose tap k is so many elements from the tile's first one; -1: none.
    static constexpr int column_at(int at, int k) {
        int const j = at - k * dilation;
        return j >= 0 && j % stride == 0 ? j / stride : -1;
    }
    template <int Count>
    static constexpr bool read_at(int at) {
        for (int k = 0; k < taps; ++k)
            if (int const j = column_at(at, k); j >= 0 && j < Count && within(j, k)) return true;
        return false;
    }
    // Adds one row of taps of `Outputs` filters: x is where the first tap of the first column is, for a whole row
    // where the image's row begins.
    template <int Outputs, int Count>
    [[gnu::always_inline]] static void add_taps(T const* x, T const* w, T (&sums)[Outputs][Count]) noexcept {
        constexpr int before = whole ? padding : 0;
        T factors[Outputs][taps];
        unrolled<Outputs>([&](auto o) __attribute__((always_inline)) {
            unrolled<taps>([&](auto k) __attribute__((always_inline)) { factors[o][k] = w[o * filter + k]; });
        });
        unrolled<(Count - 1) * stride + (taps - 1) * dilation + 1>([&](auto at) __attribute__((always_inline)) {
            if constexpr (read_at<Count>(at)) {
                T const e = x[at - before];
                unrolled<taps>([&](auto k) __attribute__((always_inline)) {
                    if constexpr (constexpr int j = column_at(at, k); j >= 0 && j < Count && within(j, k))
                        unrolled<Outputs>([&](auto o) __attribute__((always_inline)) {
                            sums[o][j] = simd::fma(factors[o][k], e, sums[o][j]);
                        });
                });
            }
        });
    }
    // Rows of taps that lie within the image, for row i of results.
    struct rows {
        int first, end, from;
        constexpr explicit rows(index i) {
            int const top = static_cast<int>(i) * c.by.stride[0] - c.by.padding[0], d = c.by.dilation[0];
            first = top < 0 ? (d - 1 - top) / d : 0;
            end = std::min(tap_rows, (c.images.rows - top + d - 1) / d);
            from = top;
        }
    };
    // Sums over channels and rows of taps: f(where a row of the image begins, where the row of the filter does).
    template <class F>
    [[gnu::always_inline]] static void each_tap_row(T const* image, T const* w, index i, F const& f) noexcept {
        if constexpr (!by_rows)
            for (T const* const last = image + channels * plane; image != last; image += plane, w += taps) f(image, w);
        else {
            rows const r(i);
            for (int n = 0; n < channels; ++n, image += plane, w += filter_plane)
                for (int k = r.first; k < r.end; ++k)
                    f(image + (r.from + k * c.by.dilation[0]) * row_step, w + k * taps);
        }
    }
    template <int Outputs>
    [[gnu::always_inline]] static void tile(T const* image, T const* w, index i, index j, auto const& give) noexcept {
        T sums[Outputs][width] = {};
        each_tap_row(image, w, i, [&](T const* x, T const* v) __attribute__((always_inline)) {
            add_taps<Outputs, width>(whole ? x : x + (j * stride - padding), v, sums);
        });
        give(i, j, sums);
    }
    // One result, wherever its taps lie.
    static T single(T const* image, T const* w, index i, int j) noexcept {
        int const left = j * stride - padding, from = left < 0 ? (dilation - 1 - left) / dilation : 0,
                  to = std::min(taps, (c.images.columns - left + dilation - 1) / dilation);
        T sum = 0;
        each_tap_row(image, w, i, [&](T const* x, T const* v) __attribute__((always_inline)) {
            for (int k = from; k < to; ++k) sum = simd::fma(v[k], x[left + k * dilation], sum);
        });
        return sum;
    }
    // The results of `Outputs` planes.
    template <int Outputs>
    [[gnu::always_inline]] static void planes(T const* image, T const* w, auto const& give) noexcept {
        for (index i = 0; i < c.results.rows; ++i) {
            if constexpr (whole)
                tile<Outputs>(image, w, i, 0, give);
            else {
                constexpr int tiles = width > 1 ? (end - first) / width : 0, last = first + tiles * width;
                if constexpr (tiles > 0)
                    for (index j = first; j < last; j += width) tile<Outputs>(image, w, i, j, give);
                for (int j = tiles > 0 && first == 0 ? last : 0; j < columns; ++j) {
                    if (tiles > 0 && j == first) j = last;
                    if (j == columns) break;
                    for (int o = 0; o < Outputs; ++o) {
                        T const sum[1][1]{{single(image, w + o * filter, i, j)}};
                        give.one(i, j, o, sum);
                    }
                }
            }
        }
    }

    // Gives tiles to f: f(plane, row, column, sums[planes][columns]), of one image.
    template <class F>
    struct giver {
        F const& f;
        index plane;
        template <int Outputs, int Count>
        [[gnu::always_inline]] void operator()(index i, index j, T const (&sums)[Outputs][Count]) const {
            f(plane, i, j, sums);
        }
        [[gnu::always_inline]] void one(index i, index j, index o, T const (&sums)[1][1]) const {
            f(plane + o, i, j, sums);
        }
    };
    template <class F>
    [[gnu::always_inline]] static void for_each_tile(T const* image, T const* w, F const& f) noexcept {
        for (index g = 0; g < groups; ++g, image += channels * plane) {
            index o = 0;
            for (; o + together <= outputs; o += together, w += together * filter)
                planes<together>(image, w, giver<F>{f, g * outputs + o});
            if constexpr (constexpr int rest = outputs % together; rest != 0) {
                planes<rest>(image, w, giver<F>{f, g * outputs + o});
                w += rest * filter;
            }
        }
    }
    // So many images.
    static void run(T const* images, T const* filters, T* results, int count) noexcept {
        constexpr index result_plane = index(c.results.rows) * columns;
        for (int n = 0; n < count; ++n, images += groups * channels * plane, results += c.filters.outer * result_plane)
            for_each_tile(images, filters,
                          [&]<int Outputs, int Count>(index o, index i, index j, T const(&sums)[Outputs][Count])
                              __attribute__((always_inline)) {
                                  T* const to = results + o * result_plane + i * columns + j;
                                  unrolled<Outputs>([&](auto r) __attribute__((always_inline)) {
                                      unrolled<Count>([&](auto u) __attribute__((always_inline)) {
                                          to[r * result_plane + u] = sums[r][u];
                                      });
                                  });
                              });
    }
};

template <class C, int Node, class V>
struct row_of<op::convolution, C, Node, V> {
    using call = dense_node<C, Node>;
    V const *image, *filters;
    [[gnu::always_inline]] explicit row_of(frame const& f)
        : image(address<C, call::call.argument[0], V>(f)), filters(address<C, call::call.argument[1], V>(f)) {}
    [[gnu::always_inline]] static constexpr bool holds() { return true; }
    template <class F>
    [[gnu::always_inline]] void for_each_tile(F const& f) const {
        convolution_on_scalars<call, V>::for_each_tile(image, filters, f);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
