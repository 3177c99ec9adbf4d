// Convolutions as operations of their own: of images with filters, and their two adjoints, which are convolutions as
// well. The layers of nn/convolution.hpp and nn/conv_transpose.hpp are made of them.
//
//   convolution            y[n, o, i]  = sum over c, k of w[o, c, k] x[n, c', i stride + k dilation - padding]
//   convolution_to_images  x[n, c', j] = sum over o, k, i of w[o, c, k] y[n, o, i], where j = i stride + k dilation -
//                                        padding: a transposed convolution
//   convolution_to_filters w[o, c, k]  = sum over n, i of y[n, o, i] x[n, c', i stride + k dilation - padding]
//
// c' is channel c of the group in which o stands. Shapes: images [n, channels, l] or [n, channels, h, w]; filters [o,
// channels / groups, k...]; results [n, o, ...]. What lies outside of an image contributes nothing: no number is
// multiplied with it, so an infinity stays where it is. Accuracy: sums run in an order that depends on the shapes; the
// error is at most k epsilon of the sum of the magnitudes for k terms; that of convolution_to_filters, which sums over
// images, at most (64 + log2 k) epsilon. Cost: 2 multiplications and additions for each term; no copy of windows.
// Source: torch.nn.functional.conv1d, conv2d, conv_transpose1d, conv_transpose2d; Dumoulin and Visin 2016, "A guide to
// convolution arithmetic for deep learning".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

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
template <class T>
constexpr void fill_with_zeros(T* to, int n) noexcept {
    for (int i = 0; i < n; ++i) to[i] = T(0);
}

struct convolution : dense<convolution, 2> {
    static constexpr std::string_view name = "convolution";
    using uses = ops<struct convolution_to_images, struct convolution_to_filters>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return with_plane(a[0].d[0], a[1].d[0], convolution_numbers::from(at, a[0].rank), a[0].rank);
    }
    static constexpr double flops(auto const& g, node const& n) {
        extents const& filters = g.shape_of(n.argument[1]);
        return 2.0 * g.shape_of(n.first).size() * filters.size() / filters.d[0];
    }
    static constexpr convolving loops(extents const& images, extents const& filters, attributes at) {
        return {convolution_numbers::from(at, images.rank), images, filters, shape({images, filters}, at, 0)};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        convolving const c = loops(x.shape[0], x.shape[1], x.attribute);
        fill_with_zeros(x.result[0], c.results.outer * c.results.inner * c.results.plane());
        c.each_run([&](int image, int filter, int result, int count) {
            T const w = x.argument[1][filter];
            for (int i = 0; i < count; ++i) x.result[0][result + i] += w * x.argument[0][image + i * c.columns_apart()];
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const images = n.argument[0], filters = n.argument[1], y = a.cotangent[0];
        convolution_numbers const by = convolution_numbers::from(n.attribute, g.shape_of(images).rank);
        a.of_argument[0] = push_with<convolution_to_images>(g, resized(by, g.shape_of(images)), y, filters);
        a.of_argument[1] = push_with<convolution_to_filters>(g, resized(by, g.shape_of(filters)), images, y);
    }
};

// Arguments: results, filters.
struct convolution_to_images : dense<convolution_to_images, 2> {
    static constexpr std::string_view name = "convolution_to_images";
    using uses = ops<convolution, convolution_to_filters>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        convolution_numbers const by = convolution_numbers::from(at, a[0].rank);
        return with_plane(a[0].d[0], a[1].d[1] * by.groups, by, a[0].rank);
    }
    static constexpr double flops(auto const& g, node const& n) {
        extents const& filters = g.shape_of(n.argument[1]);
        return 2.0 * g.shape_of(n.argument[0]).size() * filters.size() / filters.d[0];
    }
    static constexpr convolving loops(extents const& results, extents const& filters, attributes at) {
        return {convolution_numbers::from(at, results.rank), shape({results, filters}, at, 0), filters, results};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        convolving const c = loops(x.shape[0], x.shape[1], x.attribute);
        fill_with_zeros(x.result[0], c.images.outer * c.images.inner * c.images.plane());
        c.each_run([&](int image, int filter, int result, int count) {
            T const w = x.argument[1][filter];
            for (int i = 0; i < count; ++i) x.result[0][image + i * c.columns_apart()] += w * x.argument[0][result + i];
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const results = n.argument[0], filters = n.argument[1], x = a.cotangent[0];
        convolution_numbers const by = convolution_numbers::from(n.attribute, g.shape_of(results).rank);
        a.of_argument[0] = push_with<convolution>(g, resized(by, g.shape_of(results)), x, filters);
        a.of_argument[1] = push_with<convolution_to_filters>(g, resized(by, g.shape_of(filters)), x, results);
    }
};

// Arguments: images, results.
struct convolution_to_filters : dense<convolution_to_filters, 2> {
    static constexpr std::string_view name = "convolution_to_filters";
    using uses = ops<convolution, convolution_to_images>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        convolution_numbers const by = convolution_numbers::from(at, a[0].rank);
        return with_plane(a[1].d[1], a[0].d[1] / by.groups, by, a[0].rank);
    }
    static constexpr double flops(auto const& g, node const& n) {
        extents const& filters = g.shape_of(n.first);
        return 2.0 * g.shape_of(n.argument[1]).size() * filters.size() / filters.d[0];
    }
    static constexpr convolving loops(extents const& images, extents const& results, attributes at) {
        return {convolution_numbers::from(at, images.rank), images, shape({images, results}, at, 0), results};
    }
    // Runs of at most 64 terms are added pairwise.
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        convolving const c = loops(x.shape[0], x.shape[1], x.attribute);
        auto const plus = [](T a, T b) { return a + b; };
        T* to = x.result[0];
        for (int o = 0; o < c.filters.outer; ++o)
            for (int i = 0; i < c.filters.inner; ++i)
                for (int k = 0; k < c.filters.rows; ++k)
                    for (int l = 0; l < c.filters.columns; ++l) {
                        pairwise<T, 32> blocks{};
                        for (int n = 0; n < c.results.outer; ++n)
                            c.each_row(n, o, i, k, l, [&](int image, int, int result, int count) {
                                for (int j = 0; j < count; j += longest_block) {
                                    T sum = 0;
                                    for (int e = j; e < count && e < j + longest_block; ++e)
                                        sum += x.argument[0][image + e * c.columns_apart()] * x.argument[1][result + e];
                                    blocks.add(sum, plus);
                                }
                            });
                        *to++ = blocks.with(T(0), plus);
                    }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const images = n.argument[0], results = n.argument[1], w = a.cotangent[0];
        convolution_numbers const by = convolution_numbers::from(n.attribute, g.shape_of(images).rank);
        a.of_argument[0] = push_with<convolution_to_images>(g, resized(by, g.shape_of(images)), results, w);
        a.of_argument[1] = push_with<convolution>(g, resized(by, g.shape_of(results)), images, w);
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
