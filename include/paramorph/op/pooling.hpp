// Pooling along one axis, as operations of their own; over two axes it is one after the other. The layers of
// nn/pooling.hpp are made of them.
//
//   take_at_max(x, v)   v where x is largest in each window: max pooling is take_at_max(x, x)
//   add_at_max(x, c)    its adjoint: c, each added where x is largest
//   window_mean(x)      the mean of each window; spread_of_mean(c), its adjoint
//
// Window i begins at i stride - padding, its elements are `dilation` apart; what lies outside of the axis is not there.
// Of equal elements the first one counts, as in PyTorch: it has the gradient. A NaN is the largest, of several the last
// one. A mean is divided by the number of elements of the window that lie on the axis, or on it and its padding; or
// windows are adaptive: window i of m on n elements begins at i n / m, rounded down, and ends at (i + 1) n / m, rounded
// up. A window of maxima has an element at least. Shapes: one extent becomes the number of windows. Accuracy: a sum,
// and that of windows of the adjoints, within 4 (log2 n + 8) epsilon of the sum of the magnitudes. Cost: one pass for
// each window; where more than 96 windows may overlap, adjoints take memory for their result twice. Source:
// torch.nn.functional.max_pool1d, avg_pool1d, adaptive_max_pool1d, adaptive_avg_pool1d; over two axes a maximum of
// maxima is the first one, too, row by row.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

enum class window_over { axis_and_padding, axis, adaptive };

struct pooling_numbers {
    int axis, extent, size, stride, padding;  // extent: of the result along the axis
    window_over over = window_over::axis_and_padding;
    int dilation = 1;

    constexpr attributes pack() const {
        return {{axis + 4 * static_cast<int>(over) + 16 * dilation, extent, size, stride << 16 | padding}};
    }
    static constexpr int longest = 32767;  // of stride, dilation and padding
    static constexpr pooling_numbers from(attributes const& a) noexcept {
        return {a.v[0] % 4, a.v[1], a.v[2], a.v[3] >> 16, a.v[3] & 0xffff, static_cast<window_over>(a.v[0] / 4 % 4),
                a.v[0] / 16};
    }
    constexpr extents shape(extents s) const {
        s.d[axis] = extent;
        return s;
    }

    struct range {
        int begin, elements, count;  // begin: the first element; count: what a sum is divided by
    };
    // Window i of n elements.
    constexpr range window(int i, int n, int windows) const {
        if (over == window_over::adaptive) {
            int const begin = static_cast<int>(std::int64_t(i) * n / windows);
            int const end = static_cast<int>(((i + std::int64_t(1)) * n + windows - 1) / windows);
            return {begin, end - begin, end - begin};
        }
        std::int64_t const first = std::int64_t(i) * stride - padding, last = first + size;
        std::int64_t const before = first < 0 ? (dilation - 1 - first) / dilation : 0,
                           begin = first + before * dilation;
        std::int64_t const on_axis = begin < n ? (n - 1 - begin) / dilation + 1 : 0;
        int const elements = static_cast<int>(size - before < on_axis ? size - before : on_axis);
        std::int64_t const padded = n + std::int64_t(padding);
        return {static_cast<int>(begin), elements,
                over == window_over::axis ? elements : static_cast<int>((last > padded ? padded : last) - first)};
    }

    // So many windows have an element in common, at most; are those sums long?
    constexpr bool overlaps_long(int n, int windows) const {
        return (over == window_over::adaptive ? windows / n + 2 : windows < size ? windows : size) > longest_chain;
    }

    // For each window of x, and each position of the other axes: f(result's element, x's element at begin, window, how
    // far its elements are apart)
    template <class F>
    constexpr void each(extents const& on, int windows, F const& f) const {
        int const inner = stride_of(on, axis), n = on.d[axis], outer = on.size() / (n * inner);
        for (int o = 0; o < outer; ++o)
            for (int i = 0; i < windows; ++i) {
                range const w = window(i, n, windows);
                for (int k = 0; k < inner; ++k)
                    f((o * windows + i) * inner + k, (o * n + w.begin) * inner + k, w, inner * dilation);
            }
    }
};

// The element of the largest of a window, whose elements are `apart`.
template <class T>
constexpr int largest_in(T const* x, int at, int count, int apart) noexcept {
    int best = at;
    for (int k = 1; k < count; ++k) {
        at += apart;
        if (x[at] > x[best] || x[at] != x[at]) best = at;
    }
    return best;
}

struct take_at_max : dense<take_at_max, 2> {
    static constexpr std::string_view name = "take_at_max";
    using uses = ops<struct add_at_max>;
    static constexpr double flops(auto const& g, node const& n) {
        return double(g.shape_of(n.first).size()) * n.attribute.v[2];
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return pooling_numbers::from(at).shape(a[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        pooling_numbers const by = pooling_numbers::from(x.attribute);
        by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
            x.result[0][to] = x.argument[1][largest_in(x.argument[0], from, w.elements, apart)];
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[1] = push_with<add_at_max>(g, n.attribute, n.argument[0], a.cotangent[0]);
    }
};

// Results of the adjoints: the sums, and scratch of their shape where these are long: what rounding left out.
struct add_at_max : dense<add_at_max, 2, 2> {
    static constexpr std::string_view name = "add_at_max";
    using uses = ops<take_at_max>;
    static constexpr double flops(auto const& g, node const& n) {
        return double(g.shape_of(n.argument[1]).size()) * n.attribute.v[2];
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        pooling_numbers const by = pooling_numbers::from(at);
        return result == 1 && !by.overlaps_long(a[0].d[by.axis], by.extent) ? extents{} : a[0];
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        pooling_numbers const by = pooling_numbers::from(x.attribute);
        bool const compensates = by.overlaps_long(x.shape[0].d[by.axis], by.extent);
        fill_with_zeros(x.result[0], x.shape[0].size());
        if (compensates) fill_with_zeros(x.result[1], x.shape[0].size());
        by.each(x.shape[0], by.extent, [&](int of, int from, auto const& w, int apart) {
            int const at = largest_in(x.argument[0], from, w.elements, apart);
            add_to(x.result[0][at], compensates ? x.result[1] + at : nullptr, x.argument[1][of]);
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[1] = push_with<take_at_max>(g, n.attribute, n.argument[0], a.cotangent[0]);
    }
};

struct window_mean : dense<window_mean, 1> {
    static constexpr std::string_view name = "window_mean";
    using uses = ops<struct spread_of_mean>;
    static constexpr double flops(auto const& g, node const& n) {
        return double(g.shape_of(n.first).size()) * n.attribute.v[2];
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return pooling_numbers::from(at).shape(a[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        pooling_numbers const by = pooling_numbers::from(x.attribute);
        auto const plus = [](T a, T b) { return a + b; };
        by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
            long_sum<T, decltype(plus)> sum{plus, T(0)};
            for (int k = 0; k < w.elements; ++k) sum.add(x.argument[0][from + k * apart]);
            x.result[0][to] = sum.total() / T(w.count);
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        pooling_numbers by = pooling_numbers::from(n.attribute);
        by.extent = g.shape_of(n.argument[0]).d[by.axis];
        a.of_argument[0] = push_with<spread_of_mean>(g, by.pack(), a.cotangent[0]);
    }
};

struct spread_of_mean : dense<spread_of_mean, 1, 2> {
    static constexpr std::string_view name = "spread_of_mean";
    using uses = ops<window_mean>;
    static constexpr double flops(auto const& g, node const& n) {
        return double(g.shape_of(n.argument[0]).size()) * n.attribute.v[2];
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        pooling_numbers const by = pooling_numbers::from(at);
        return result == 1 && !by.overlaps_long(by.extent, a[0].d[by.axis]) ? extents{} : by.shape(a[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        pooling_numbers const by = pooling_numbers::from(x.attribute);
        extents const to = by.shape(x.shape[0]);
        bool const compensates = by.overlaps_long(by.extent, x.shape[0].d[by.axis]);
        fill_with_zeros(x.result[0], to.size());
        if (compensates) fill_with_zeros(x.result[1], to.size());
        by.each(to, x.shape[0].d[by.axis], [&](int of, int from, auto const& w, int apart) {
            T const part = x.argument[0][of] / T(w.count);
            for (int k = 0; k < w.elements; ++k) {
                int const at = from + k * apart;
                add_to(x.result[0][at], compensates ? x.result[1] + at : nullptr, part);
            }
        });
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        pooling_numbers by = pooling_numbers::from(n.attribute);
        by.extent = g.shape_of(n.argument[0]).d[by.axis];
        a.of_argument[0] = push_with<window_mean>(g, by.pack(), a.cotangent[0]);
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
