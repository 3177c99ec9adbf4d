// How filters meet images: strides, dilations, padding, groups, and which elements a tap takes. op/convolution.hpp has
// the operations. Cost: none at run time. Source: the options of torch.nn.functional.conv2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI::op {

// How filters meet images, and the extents of the result behind its first two axes. Index 0 is the axis of rows, which
// images of rank 3 have not.
struct convolution_numbers {
    int stride[2]{1, 1}, dilation[2]{1, 1}, padding[2]{}, size[2]{1, 1}, groups = 1;

    // Steps are 255 at most along two axes, 65535 along one; paddings, and extents of the result along two, 65535.
    static constexpr int longest_step(int axes) { return axes == 2 ? 255 : 65535; }
    static constexpr int longest = 65535;

    constexpr attributes pack(int rank) const {
        if (rank < 4) return {{size[1], padding[1], both(stride[1], dilation[1], 16), groups}};
        return {{both(size[1], size[0], 16), both(padding[1], padding[0], 16),
                 both(both(stride[1], stride[0], 8), both(dilation[1], dilation[0], 8), 16), groups}};
    }
    static constexpr convolution_numbers from(attributes const& a, int rank) noexcept {
        unsigned const v[3]{unsigned(a.v[0]), unsigned(a.v[1]), unsigned(a.v[2])};
        convolution_numbers x;
        x.groups = a.v[3];
        if (rank < 4) {
            x.size[1] = a.v[0];
            x.padding[1] = a.v[1];
            x.stride[1] = v[2] & 0xffff;
            x.dilation[1] = int(v[2] >> 16);
        } else
            for (int k = 0; k < 2; ++k) {
                x.size[k] = v[0] >> (k == 0 ? 16 : 0) & 0xffff;
                x.padding[k] = v[1] >> (k == 0 ? 16 : 0) & 0xffff;
                x.stride[k] = v[2] >> (k == 0 ? 8 : 0) & 0xff;
                x.dilation[k] = v[2] >> (k == 0 ? 24 : 16) & 0xff;
            }
        return x;
    }

  private:
    static constexpr int both(int low, int high, int bits) {
        return static_cast<int>(unsigned(low) | unsigned(high) << bits);
    }
};

// The axes of images, filters or results as four: the third has extent 1 where it is not there.
struct planes {
    int outer, inner, rows, columns;

    constexpr explicit planes(extents const& s)
        : outer(s.d[0]), inner(s.d[1]), rows(s.rank < 4 ? 1 : s.d[2]), columns(s.d[s.rank - 1]) {}
    constexpr int plane() const { return rows * columns; }
};

// The results of an axis that a tap, so many elements from the window's begin, takes from within n elements.
struct tap {
    int first, end, from;  // result `first` reads element `from`
    constexpr tap(int n, int results, int distance, int stride, int padding)
        : first(padding > distance ? (padding - distance - 1) / stride + 1 : 0),
          end(n - 1 + padding - distance < 0 ? 0 : (n - 1 + padding - distance) / stride + 1),
          from(first * stride + distance - padding) {
        if (end > results) end = results;
    }
};

// What the three share: from images, filters and results to each other.
struct convolving {
    convolution_numbers by;
    planes images, filters, results;

    constexpr convolving(convolution_numbers const& numbers, extents const& of_images, extents const& of_filters,
                         extents const& of_results)
        : by(numbers), images(of_images), filters(of_filters), results(of_results) {}
    constexpr int columns_apart() const { return by.stride[1]; }
    constexpr int first_channel(int o) const { return o / (filters.outer / by.groups) * filters.inner; }
    constexpr tap row_tap(int k) const {
        return {images.rows, results.rows, k * by.dilation[0], by.stride[0], by.padding[0]};
    }
    constexpr tap column_tap(int k) const {
        return {images.columns, results.columns, k * by.dilation[1], by.stride[1], by.padding[1]};
    }

    // For each image, filter, channel, tap and row: f(element of images, filters, results, number of columns).
    template <class F>
    constexpr void each_run(F const& f) const {
        for (int n = 0; n < results.outer; ++n)
            for (int o = 0; o < filters.outer; ++o)
                for (int c = 0; c < filters.inner; ++c)
                    for (int k = 0; k < filters.rows; ++k)
                        for (int l = 0; l < filters.columns; ++l) each_row(n, o, c, k, l, f);
    }
    template <class F>
    constexpr void each_row(int n, int o, int c, int k, int l, F const& f) const {
        tap const down = row_tap(k), along = column_tap(l);
        if (along.first >= along.end) return;
        int image = ((n * images.inner + first_channel(o) + c) * images.rows + down.from) * images.columns + along.from;
        int result = ((n * results.inner + o) * results.rows + down.first) * results.columns + along.first;
        int const filter = ((o * filters.inner + c) * filters.rows + k) * filters.columns + l;
        for (int i = down.first; i < down.end; ++i) {
            f(image, filter, result, along.end - along.first);
            image += by.stride[0] * images.columns;
            result += results.columns;
        }
    }
};

constexpr extents with_plane(int outer, int inner, convolution_numbers const& by, int rank) {
    return rank < 4 ? extents{3, {outer, inner, by.size[1]}} : extents{4, {outer, inner, by.size[0], by.size[1]}};
}
// The same convolution with another extent of the result: that of a tensor.
constexpr attributes resized(convolution_numbers by, extents const& s) {
    for (int k = 0; k < 2; ++k) by.size[k] = s.from_end(1 - k);
    return by.pack(s.rank);
}

}  // namespace paramorph::inline PARAMORPH_ABI::op
