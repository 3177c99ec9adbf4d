// How a convolution runs on vectors: decisions from shapes and a target alone, which kernel/convolution.hpp emits.
//
// Lanes are frames, or pixels of a row; a number of a filter is broadcast to them and meets several vectors. Taps read
// images where they lie, if every tap of every result lies within them and neighbours are side by side. Elsewhere one
// group of an image is packed: zeros around it, and with a stride its columns apart by their remainder, so that what a
// tap reads is side by side again. A transposed convolution with a stride is one convolution for each remainder. Cost:
// none at run time: all of it is decided when the program is compiled. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/target.hpp"
#include "paramorph/op/convolution_numbers.hpp"

namespace paramorph::inline PARAMORPH_ABI::op {

// Where a filter of one column goes along whole rows, rows are one long row: a plane of one row.
constexpr convolving flattened(convolving c) {
    if (c.images.rows * c.results.rows == 1 || c.filters.columns != 1 || c.by.stride[0] != 1 || c.by.stride[1] != 1 ||
        c.by.padding[1] != 0 || c.images.columns != c.results.columns)
        return c;
    int const n = c.images.columns;
    c.by.dilation[1] = c.by.dilation[0] * n;
    c.by.padding[1] = c.by.padding[0] * n;
    c.by.padding[0] = 0;
    c.filters.columns = c.filters.rows;
    c.images.columns *= c.images.rows;
    c.results.columns *= c.results.rows;
    c.filters.rows = c.images.rows = c.results.rows = 1;
    return c;
}

// Is the window the whole image? Then the convolution is a product of matrices.
constexpr bool is_product(convolving const& c) {
    return c.by.groups == 1 && c.results.plane() == 1 && c.by.padding[0] == 0 && c.by.padding[1] == 0 &&
           c.images.rows == c.filters.rows && c.images.columns == c.filters.columns &&
           (c.by.dilation[0] == 1 || c.filters.rows == 1) && (c.by.dilation[1] == 1 || c.filters.columns == 1);
}

// The planes that taps read, of one group of an image.
struct convolution_source {
    int channels = 0, rows = 0, columns = 0;  // as they lie in memory
    bool packed = false;                      // else they are read there
    int top = 0, left = 0;                    // zeros before
    int packed_rows = 0, packed_columns = 0;
    int steps = 1, step_pitch = 0;  // columns apart by their remainder, and how far
    int pitch = 0, plane = 0;       // from row to row, from channel to channel
    int size = 0;                   // elements of what is packed

    // `lanes` elements behind the last one may be read.
    constexpr void pack(int columns_apart, int lanes) {
        packed = true;
        steps = columns_apart;
        step_pitch = (packed_columns + steps - 1) / steps;
        pitch = steps * step_pitch;
        plane = packed_rows * pitch;
        size = channels * plane + lanes;
    }
    constexpr int along(int column) const { return column % steps * step_pitch + column / steps; }
};

// What the windows of results read.
constexpr convolution_source source_of_windows(convolving const& c, int lanes) {
    convolution_source s{c.filters.inner, c.images.rows, c.images.columns, false};
    s.top = c.by.padding[0];
    s.left = c.by.padding[1];
    s.packed_rows = (c.results.rows - 1) * c.by.stride[0] + (c.filters.rows - 1) * c.by.dilation[0] + 1;
    s.packed_columns = (c.results.columns - 1) * c.by.stride[1] + (c.filters.columns - 1) * c.by.dilation[1] + 1;
    s.pitch = s.step_pitch = s.columns;
    s.plane = s.rows * s.columns;
    bool const inside = s.top == 0 && s.left == 0 && s.packed_rows <= s.rows && s.packed_columns <= s.columns;
    if (!inside || c.by.stride[1] != 1 || c.results.columns < lanes) s.pack(c.by.stride[1], lanes);
    return s;
}

// What adjoint windows read: results, with zeros where others would be.
constexpr convolution_source source_of_adjoint(convolving const& c, int lanes) {
    convolution_source s{c.filters.outer / c.by.groups, c.results.rows, c.results.columns, false};
    int before[2]{}, size[2]{};
    for (int k = 0; k < 2; ++k) {
        int const step = c.by.stride[k], images = k == 0 ? c.images.rows : c.images.columns,
                  span = ((k == 0 ? c.filters.rows : c.filters.columns) - 1) * c.by.dilation[k] - c.by.padding[k];
        before[k] = span > 0 ? (span + step - 1) / step : 0;
        size[k] = before[k] + (images - 1 + c.by.padding[k]) / step + 1;
    }
    s.top = before[0], s.left = before[1];
    s.packed_rows = size[0], s.packed_columns = size[1];
    s.pitch = s.step_pitch = s.columns;
    s.plane = s.rows * s.columns;
    bool const inside = s.top == 0 && s.left == 0 && s.packed_rows <= s.rows && s.packed_columns <= s.columns &&
                        c.by.stride[0] == 1 && c.by.stride[1] == 1;
    // Another remainder may have a column less: one more is computed, and not stored.
    s.packed_columns += c.by.stride[1] > 1 ? 1 : 0;
    if (!inside || c.images.columns < lanes) s.pack(1, lanes);
    return s;
}

// A tap, or several at constant distances: elements from the begin of a window, and of a filter's channel.
struct convolution_tap {
    int source, filter;
};

// A convolution whose results are sums in registers, over channels, rows and columns of a filter in this order.
struct convolution_pass {
    convolution_source source;
    int images, groups, outputs;      // outputs: of a group
    int rows, columns, row_step;      // of results of one remainder, at most; what their windows are apart
    int result_rows, result_columns;  // of all
    int steps_down, steps_along;      // remainders
    int taps_together, source_step, filter_step;
    int tap_count;  // of all remainders
    int filters_apart, channels_apart, filters_of_a_group;
};

// Taps along a row of a filter that are emitted one after the other: a divisor of their number.
constexpr int taps_together(int columns, int most) {
    for (int n = columns < most ? columns : most; n > 1; --n)
        if (columns % n == 0) return n;
    return 1;
}

constexpr convolution_pass windows_pass(convolving const& given, target const& machine, int lanes) {
    convolving const c = flattened(given);
    convolution_pass p{};
    p.source = source_of_windows(c, lanes);
    p.images = c.images.outer;
    p.groups = c.by.groups;
    p.outputs = c.filters.outer / p.groups;
    p.rows = p.result_rows = c.results.rows;
    p.columns = p.result_columns = c.results.columns;
    p.row_step = c.by.stride[0] * p.source.pitch;
    p.steps_down = p.steps_along = 1;
    p.taps_together = p.source.steps > 1 ? 1 : taps_together(c.filters.columns, machine.taps_together);
    p.source_step = c.by.dilation[1];
    p.filter_step = 1;
    p.tap_count = c.filters.plane() / p.taps_together;
    p.channels_apart = c.filters.plane();
    p.filters_apart = c.filters.inner * p.channels_apart;
    p.filters_of_a_group = p.outputs * p.filters_apart;
    return p;
}
constexpr convolution_pass adjoint_pass(convolving const& given, target const& machine, int lanes) {
    convolving const c = flattened(given);
    convolution_pass p{};
    p.source = source_of_adjoint(c, lanes);
    p.images = c.images.outer;
    p.groups = c.by.groups;
    p.outputs = c.filters.inner;
    p.result_rows = c.images.rows;
    p.result_columns = c.images.columns;
    p.steps_down = c.by.stride[0] < c.images.rows ? c.by.stride[0] : c.images.rows;
    p.steps_along = c.by.stride[1] < c.images.columns ? c.by.stride[1] : c.images.columns;
    p.rows = (c.images.rows - 1) / c.by.stride[0] + 1;
    p.columns = (c.images.columns - 1) / c.by.stride[1] + 1;
    p.row_step = p.source.pitch;
    bool const plain = c.by.stride[0] == 1 && c.by.stride[1] == 1;
    p.taps_together = plain ? taps_together(c.filters.columns, machine.taps_together) : 1;
    p.source_step = c.by.dilation[1];
    p.filter_step = -1;
    p.tap_count = c.filters.plane() / p.taps_together;
    p.channels_apart = c.filters.inner * c.filters.plane();
    p.filters_apart = c.filters.plane();
    p.filters_of_a_group = p.source.channels * p.channels_apart;
    return p;
}

// The taps of each remainder, one after the other; `begin` has one end more.
template <int Taps, int Steps>
struct convolution_taps {
    convolution_tap at[Taps == 0 ? 1 : Taps]{};
    int begin[Steps + 1]{};
};
template <int Taps>
constexpr convolution_taps<Taps, 1> taps_of_windows(convolving const& given, convolution_pass const& p) {
    convolving const c = flattened(given);
    convolution_taps<Taps, 1> t;
    for (int k = 0; k < c.filters.rows; ++k)
        for (int l = 0; l < c.filters.columns; l += p.taps_together)
            t.at[t.begin[1]++] = {k * c.by.dilation[0] * p.source.pitch + p.source.along(l * c.by.dilation[1]),
                                  k * c.filters.columns + l};
    return t;
}
// A tap reads the result whose window has it over the element that is computed. Backwards, so that taps side by side
// read what is side by side from left to right.
template <int Taps, int Steps>
constexpr convolution_taps<Taps, Steps> taps_of_adjoint(convolving const& given, convolution_pass const& p) {
    convolving const c = flattened(given);
    convolution_taps<Taps, Steps> t;
    int n = 0;
    for (int down = 0; down < p.steps_down; ++down)
        for (int along = 0; along < p.steps_along; ++along) {
            for (int k = c.filters.rows - 1; k >= 0; --k)
                for (int l = c.filters.columns - 1; l >= 0; l -= p.taps_together) {
                    int const i = down + c.by.padding[0] - k * c.by.dilation[0],
                              j = along + c.by.padding[1] - l * c.by.dilation[1];
                    if (i % c.by.stride[0] != 0 || j % c.by.stride[1] != 0) continue;
                    t.at[n++] = {
                        (p.source.top + i / c.by.stride[0]) * p.source.pitch + p.source.left + j / c.by.stride[1],
                        k * c.filters.columns + l};
                }
            t.begin[down * p.steps_along + along + 1] = n;
        }
    return t;
}

// The gradient of filters: each number of one is a sum over images and results, of which lanes take every so many. Sums
// of a block are chains; blocks are added with the error of each addition.
struct convolution_filter_pass {
    convolution_source source;
    int images, groups, outputs;
    int rows, columns, row_step;
    int filters;        // numbers of filters of a group
    int rows_together;  // 2: the second half of a row's last vector is of the next row
    int images_of_a_block, rows_of_a_block, columns_of_a_block;
    int blocks;
    int packed_size, size;  // elements: of packed images, of all

    static constexpr int longest_chain = 128;  // vectors: a bound on rounding, the same on every machine
};
constexpr convolution_filter_pass filter_pass(convolving const& given, target const& machine, int lanes) {
    convolving const c = flattened(given);
    convolution_filter_pass p{};
    p.source = source_of_windows(c, 1);
    p.images = c.images.outer;
    p.groups = c.by.groups;
    p.outputs = c.filters.outer / p.groups;
    p.rows = c.results.rows;
    p.columns = c.results.columns;
    p.row_step = c.by.stride[0] * p.source.pitch;
    p.filters = p.outputs * c.filters.inner * c.filters.plane();
    int const longest = p.longest_chain, vectors = (p.columns + lanes - 1) / lanes;
    p.columns_of_a_block = vectors > longest ? longest * lanes : p.columns;
    p.rows_of_a_block = vectors > longest ? 1 : longest / vectors < p.rows ? longest / vectors : p.rows;
    p.rows_together = vectors <= longest / 2 && p.rows > 1 && 2 * (p.columns % lanes) == lanes ? 2 : 1;
    if (p.rows_of_a_block < p.rows) p.rows_of_a_block -= p.rows_of_a_block % p.rows_together;
    p.images_of_a_block = 1;
    if (p.columns_of_a_block == p.columns && p.rows_of_a_block == p.rows) {
        p.images_of_a_block = longest / (vectors * p.rows);
        if (p.source.packed && p.images_of_a_block > machine.packed_images / p.source.size)
            p.images_of_a_block = machine.packed_images / p.source.size;
        if (p.images_of_a_block > p.images) p.images_of_a_block = p.images;
        if (p.images_of_a_block < 1) p.images_of_a_block = 1;
    }
    p.blocks = (p.images + p.images_of_a_block - 1) / p.images_of_a_block *
               ((p.rows + p.rows_of_a_block - 1) / p.rows_of_a_block) *
               ((p.columns + p.columns_of_a_block - 1) / p.columns_of_a_block);
    p.packed_size = p.source.packed ? p.images_of_a_block * p.source.size : 0;
    p.size = p.packed_size + (p.blocks > 1 ? 2 * p.filters : 0);
    return p;
}

}  // namespace paramorph::inline PARAMORPH_ABI::op
