// Convolutions as operations of their own: of images with filters, and their two adjoints, which are convolutions as
// well. The layers of nn/convolution.hpp and nn/conv_transpose.hpp are made of them.
//
//   convolution            y[n, o, i]  = sum over c, k of w[o, c, k] x[n, c', i stride + k dilation - padding]
//   convolution_to_images  x[n, c', j] = sum over o, k, i of w[o, c, k] y[n, o, i], where j = i stride + k dilation -
//                                        padding: a transposed convolution
//   convolution_to_filters w[o, c, k]  = sum over n, i of y[n, o, i] x[n, c', i stride + k dilation - padding]
//
// c' is channel c of the group in which o stands. Shapes: images [n, channels, l] or [n, channels, h, w]; filters [o,
// channels / groups, k...]; results [n, o, ...]. What lies outside of an image contributes nothing, not even where a
// filter or a cotangent is infinite. Accuracy: a result of the first two is one sum, over channels, then taps, of k
// terms: at most k epsilon of the sum of the magnitudes; that of convolution_to_filters, which sums over images, is one
// of sums of at most 128 terms: at most (140 + log2 k) epsilon. Where the window is the whole image, all three are
// products of matrices (kernel/matmul.hpp). Cost: 2 operations for each term. On vectors one image is copied where it
// is padded or its columns have a stride (kernel/convolution.hpp), into the workspace if it is large, unless it is made
// `by_taps`; filters that are not finite, with padding, take the loops of scalars. Convolutions and the loops behind
// them run image by image (graph/images.hpp). Source: torch.nn.functional.conv1d, conv2d, conv_transpose1d and 2d;
// Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"
#include "paramorph/op/convolution_taps_plan.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

template <class T>
constexpr void fill_with_zeros(T* to, int n) noexcept {
    for (int i = 0; i < n; ++i) to[i] = T(0);
}

template <class Op>
constexpr convolving loops_of(auto const& g, node const& n) {
    return Op::loops(g.shape_of(n.argument[0]), g.shape_of(n.argument[1]), n.attribute);
}

struct convolution : dense<convolution, 2> {
    static constexpr std::string_view name = "convolution";
    using uses = ops<struct convolution_to_images, struct convolution_to_filters, multiply, reshape>;
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
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        convolving const c = flattened(loops_of<convolution>(g, n));
        return machine.bytes_of_packed(g.real, source_of_windows(c, machine.lanes(g.real)).size);
    }
    static constexpr bool by_images(auto const& g, node const& n) {
        return g.shape_of(n.first).d[0] > 1 && !is_product(loops_of<convolution>(g, n));
    }
    // Of one image, without vectors: by tiles that the loop behind it completes (graph/row_products.hpp).
    static constexpr bool in_planes = true;
    static constexpr bool row_product(auto const& g, node const& n, bool) { return g.shape_of(n.first).d[0] == 1; }
    // One number for each channel of a result, of one channel each: a product that is part of the loop that reads it.
    static constexpr int rewrite(auto& g, node const& n) {
        convolving const c = loops_of<convolution>(g, n);
        if (c.filters.inner * c.filters.plane() != 1 || c.by.stride[0] * c.by.stride[1] != 1 ||
            c.images.plane() != c.results.plane() || c.by.padding[0] + c.by.padding[1] != 0 ||
            (c.by.groups != 1 && c.by.groups != c.filters.outer))
            return -1;
        extents numbers = g.shape_of(n.argument[1]);
        numbers.d[--numbers.rank] = 0;  // the other extents are 1
        return push<multiply>(g, n.argument[0], push_with<reshape>(g, attributes_of(numbers), n.argument[1]));
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
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        convolving const c = loops_of<convolution_to_images>(g, n);
        int const lanes = machine.lanes(g.real);
        return by_taps(c, machine, lanes)
                   ? 0
                   : machine.bytes_of_packed(g.real, source_of_adjoint(flattened(c), lanes).size);
    }
    static constexpr bool by_images(auto const& g, node const& n) {
        return g.shape_of(n.first).d[0] > 1 && !is_product(loops_of<convolution_to_images>(g, n));
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
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        convolving const c = loops_of<convolution_to_filters>(g, n);
        return machine.bytes_of_packed(g.real, filter_pass(c, machine, machine.lanes(g.real)).size);
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
