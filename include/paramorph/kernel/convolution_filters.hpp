// The gradient of a convolution's filters on vectors: as op/convolution_plan.hpp decides.
//
// Lanes are neighbours of a row, or of two rows, each of which ends with half a vector; sums of some outputs with some
// taps stay in registers while a block of images and rows runs, at most 128 vectors one after the other, and then their
// lanes are added pairwise. Blocks are added with the error of each addition in a second sum (Knuth's two-sum), which
// is added last. Zeros around images that are packed would make NaN of cotangents that are not finite: where a result
// is not finite, it is computed again as without vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/kernel/convolution.hpp"
#include "paramorph/kernel/dot_tile.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// sum + error += x, for n numbers each.
template <class V>
void add_with_error(simd::value_t<V>* sum, simd::value_t<V>* error, simd::value_t<V> const* x, int n) noexcept {
    auto const at = [&]<class W>(W const&, int i) __attribute__((always_inline)) {
        W const a = simd::load<W>(sum + i), b = simd::load<W>(x + i), s = a + b, part = s - a;
        simd::store(error + i, simd::load<W>(error + i) + ((a - (s - part)) + (b - part)));
        simd::store(sum + i, s);
    };
    int i = 0;
    for (; i + simd::width<V> <= n; i += simd::width<V>) at(V{}, i);
    for (; i < n; ++i) at(simd::value_t<V>{}, i);
}

template <class Node, class V>
struct filter_sums {
    using T = simd::value_t<V>;
    static constexpr op::convolving loops =
        op::flattened(op::convolution_to_filters::loops(Node::shape(0), Node::shape(1), Node::attribute));
    static constexpr op::convolution_filter_pass by = op::filter_pass(loops, target_of<V>, planned_lanes<T>);
    static constexpr op::convolution_source source = by.source;
    struct packed_source {
        static constexpr op::convolution_source value = by.source;
    };
    static constexpr int width = simd::width<V>, plane = loops.filters.plane(), depth = loops.filters.inner * plane;
    static constexpr register_tile in_registers = target_of<V>.filter_tile(by.outputs, depth);
    using outputs = split_rows<by.outputs, in_registers.rows>;
    using taps = split_rows<depth, in_registers.vectors>;
    static constexpr int image_size = source.packed ? source.size : source.channels * by.groups * source.plane;
    static constexpr int result_plane = by.rows * by.columns,
                         results_of_an_image = by.groups * by.outputs * result_plane;
    struct block {
        int images, rows, columns;
    };
    // Two rows follow one another in whole vectors, of which the middle one has half of each.
    static constexpr bool by_two_rows = by.rows_together == 2 && 2 * (by.columns % width) == width;

    // Element of the images that tap number d takes for the first result.
    static constexpr int distance(int d) noexcept {
        int const c = d / plane, k = d % plane / loops.filters.columns, l = d % loops.filters.columns;
        return c * source.plane + k * loops.by.dilation[0] * source.pitch + source.along(l * loops.by.dilation[1]);
    }

    template <int Outputs, int Taps>
    static void tile(T const* x, T const* y, int const* from, block const& size, T* to) noexcept {
        V sums[Outputs * Taps];
        unrolled<Outputs * Taps>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
        T const* at[Taps];
        auto const add = [&](auto const& left, auto const& right, T const* result,
                             int j) __attribute__((always_inline)) {
            add_dots<Outputs, Taps>(
                sums, [&](auto o) __attribute__((always_inline)) { return left(result + o * result_plane + j); },
                [&](auto t) __attribute__((always_inline)) { return right(at[t] + j); });
        };
        auto const plain = [](T const* p) __attribute__((always_inline)) { return simd::load<V>(p); };
        for (int n = 0; n < size.images; ++n) {
            T const* result = y + n * results_of_an_image;
            unrolled<Taps>([&](auto t) __attribute__((always_inline)) { at[t] = x + n * image_size + from[t]; });
            auto const next = [&](int rows) __attribute__((always_inline)) {
                result += rows * by.columns;
                unrolled<Taps>([&](auto t) __attribute__((always_inline)) { at[t] += rows * by.row_step; });
            };
            int i = 0;
            if constexpr (by_two_rows)
                for (; i + 2 <= size.rows; i += 2, next(2)) {
                    constexpr int whole = by.columns - width / 2;
                    auto const halves = [](T const* p) __attribute__((always_inline)) {
                        return simd::load_halves<V>(p, p + (by.row_step - whole));
                    };
                    auto const second = [](T const* p) __attribute__((always_inline)) {
                        return simd::load<V>(p + (by.row_step - by.columns));
                    };
                    for (int j = 0; j < whole; j += width) add(plain, plain, result, j);
                    add(plain, halves, result, whole);
                    for (int j = whole + width; j < 2 * by.columns; j += width) add(plain, second, result, j);
                }
            if constexpr (!by_two_rows || by.rows % 2 != 0)
                for (; i < size.rows; ++i, next(1)) {
                    int j = 0;
                    for (; j + width <= size.columns; j += width) add(plain, plain, result, j);
                    if (int const left = size.columns - j; by.columns % width != 0 && left > 0) {
                        auto const some = [left](T const* p)
                                              __attribute__((always_inline)) { return simd::load_partial<V>(p, left); };
                        add(some, some, result, j);
                    }
                }
        }
        add_lanes(sums, [&](auto i, T sum) __attribute__((always_inline)) { to[i / Taps * depth + i % Taps] = sum; });
    }

    // The sums of a block, for one group.
    static void sum(T const* x, T const* y, block const& size, T* to) noexcept {
        for (int o = 0; o < outputs::count; ++o) {
            int const output = o * outputs::rows + std::min(o, outputs::taller);
            auto const of_outputs = [&]<int Outputs>() __attribute__((always_inline)) {
                for (int t = 0; t < taps::count; ++t) {
                    int const first = t * taps::rows + std::min(t, taps::taller);
                    int from[taps::rows + 1];
                    for (int k = 0; k < taps::rows + (taps::taller > 0 ? 1 : 0); ++k) from[k] = distance(first + k);
                    T* const sums = to + output * depth + first;
                    if (t < taps::taller)
                        tile<Outputs, taps::rows + (taps::taller > 0)>(x, y + output * result_plane, from, size, sums);
                    else
                        tile<Outputs, taps::rows>(x, y + output * result_plane, from, size, sums);
                }
            };
            if (o < outputs::taller)
                of_outputs.template operator()<outputs::rows + (outputs::taller > 0)>();
            else
                of_outputs.template operator()<outputs::rows>();
        }
    }

    static void run(T const* images, T const* results, T* filters, T* room) noexcept {
        T *const block_sums = room + by.packed_size, *const errors = block_sums + by.filters;
        constexpr int group_size = source.channels * source.rows * source.columns;
        if constexpr (source.packed) std::fill_n(room, by.packed_size, T(0));
        for (int g = 0; g < by.groups; ++g, filters += by.filters) {
            bool is_first = true;
            if constexpr (by.blocks > 1) std::fill_n(errors, by.filters, T(0));
            for (int n = 0; n < by.images; n += by.images_of_a_block) {
                int const count = std::min(by.images_of_a_block, by.images - n);
                T const* x = images + (n * by.groups + g) * group_size;
                if constexpr (source.packed) {
                    for (int k = 0; k < count; ++k)
                        pack_source<V, packed_source>(x + k * by.groups * group_size, room + k * source.size);
                    x = room;
                }
                T const* const y = results + n * results_of_an_image + g * by.outputs * result_plane;
                for (int i = 0; i < by.rows; i += by.rows_of_a_block)
                    for (int j = 0; j < by.columns; j += by.columns_of_a_block) {
                        block const size{count, std::min(by.rows_of_a_block, by.rows - i),
                                         std::min(by.columns_of_a_block, by.columns - j)};
                        sum(x + i * by.row_step + j, y + i * by.columns + j, size, is_first ? filters : block_sums);
                        if constexpr (by.blocks > 1)
                            if (!is_first) add_with_error<V>(filters, errors, block_sums, by.filters);
                        is_first = false;
                    }
            }
            if constexpr (by.blocks > 1)
                for (int i = 0; i < by.filters; ++i) filters[i] += errors[i];
        }
    }
};

}  // namespace detail

template <>
struct dense_kernel<op::convolution_to_filters> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        using T = simd::value_t<V>;
        constexpr op::convolving c = op::convolution_to_filters::loops(Node::shape(0), Node::shape(1), Node::attribute);
        if constexpr (!detail::has_planned_lanes<V>)
            return op::convolution_to_filters::compute<accurate, T>(x);
        else if constexpr (op::is_product(c)) {
            matmul<V, c.filters.outer, c.filters.inner * c.filters.plane(), c.images.outer, true>(
                x.argument[1], x.argument[0], x.result[0]);
            return true;
        } else {
            using sums = detail::filter_sums<Node, V>;
            detail::panel_room<T, sums::by.size + 1, (Node::panels < 0)> room(x.panels);
            sums::run(x.argument[0], x.argument[1], x.result[0], room.at);
            constexpr bool meets_zeros = sums::source.packed;
            if (meets_zeros && !detail::all_finite<V>(x.result[0], sums::by.groups * sums::by.filters))
                return op::convolution_to_filters::compute<accurate, T>(x);
            return true;
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
