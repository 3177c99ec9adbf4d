// Convolutions of images, and the adjoint that gives images, on vectors: as op/convolution_plan.hpp decides.
//
// A result is one chain of multiplications and additions over the channels, then the taps, row by row (those of the
// adjoint backwards). Frames or pixels of a row are in lanes; a tile of some outputs and vectors of them stays in
// registers while channels and taps run. The last vector of a row overlaps the one before it, or rows are joined, with
// what lies between two of them computed and written over. Where the window is the whole image, a convolution is a
// product of matrices. Packed images have zeros around them, which would make NaN of filters that are not finite: such
// are left to the loop that scalars have. So a result is what it is without vectors, beside rounding. Cost: beside the
// multiplications one pass over images that are packed, in the workspace.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/kernel/convolution_by_taps.hpp"
#include "paramorph/kernel/convolution_on_scalars.hpp"
#include "paramorph/kernel/convolution_source.hpp"
#include "paramorph/kernel/matmul.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// The tiles of a convolution_pass.
template <class Pass, class V>
struct convolution_tiles {
    using T = simd::value_t<V>;
    static constexpr op::convolution_pass by = Pass::value;
    static constexpr auto const& taps = Pass::taps;
    static constexpr int width = simd::width<V>;
    // Rows that follow one another are one long row, with what lies between them, where that takes less.
    static constexpr int long_row = (by.result_rows - 1) * by.row_step + by.columns;
    static constexpr int vectors_of_rows = by.result_rows * ((by.columns + width - 1) / width),
                         vectors_joined = (long_row + width - 1) / width;
    static constexpr bool joins_rows =
        by.steps_down * by.steps_along == 1 && by.row_step == by.source.pitch && by.result_rows > 1 &&
        by.columns >= width&& target_of<V>.joins_rows(vectors_of_rows, vectors_joined,
                                                      by.source.channels* by.tap_count* by.taps_together);
    static constexpr int columns = joins_rows ? long_row : by.columns, rows = joins_rows ? 1 : by.result_rows;
    static constexpr register_tile in_registers =
        target_of<V>.convolution_tile(by.outputs, (columns + width - 1) / width);
    using split = split_rows<by.outputs, in_registers.rows>;
    static constexpr int tile_columns = in_registers.vectors * width, full = columns / tile_columns,
                         rest = columns % tile_columns;
    static constexpr bool scatters = by.steps_along > 1;
    // So many tiles along a row that what they read stays in the first-level cache while filters go by.
    static constexpr int strip = std::max<long long>(
        1, target_of<V>.l1_bytes / 2 / (static_cast<long long>(sizeof(T)) * by.source.channels * tile_columns));
    static constexpr int result_plane = by.result_rows * by.result_columns;

    // Writes a vector of a long row, from left to right: what it has of between two rows is written over by the next.
    [[gnu::always_inline]] static void store_joined(T* y, int at, V v) noexcept {
        int const i = at / by.row_step, j = at % by.row_step, next = by.row_step - j;
        T* const row = y + i * by.columns;
        if (j < by.columns) simd::store(row + j, v);
        if (next < width) {
            alignas(64) T lanes[2 * width];
            simd::store(lanes, v);
            simd::store(lanes + width, v);
            simd::store(row + by.columns, simd::load<V>(lanes + next));
        }
    }

    template <int Rows, int Columns>
    static void tile(T const* x, T const* w, op::convolution_tap const* first, op::convolution_tap const* end, T* y,
                     int from, int valid, auto const*... begin) noexcept {
        constexpr int wide = (Columns + width - 1) / width;
        constexpr bool overlaps = !scatters && columns >= width;
        constexpr auto column = [](int v) { return overlaps ? std::min(v * width, Columns - width) : v * width; };
        V sums[Rows * wide];
        unrolled<Rows * wide>([&](auto i) __attribute__((always_inline)) {
            sums[i] = (simd::splat<V>(0), ..., simd::in_register(simd::splat<V>(begin[i / wide])));
        });
        auto const add = [&](T const* source, T const* filter) __attribute__((always_inline)) {
            unrolled<by.taps_together>([&](auto u) __attribute__((always_inline)) {
                V row[wide], factor[Rows];
                auto const load = [&](auto v) __attribute__((always_inline)) {
                    row[v] = simd::in_register(simd::load<V>(source + u * by.source_step + column(v)));
                };
                auto const splat = [&](auto i) __attribute__((always_inline)) {
                    factor[i] = simd::splat<V>(filter[i * by.filters_apart + u * by.filter_step]);
                };
                auto const sum = [&](auto i, auto v) __attribute__((always_inline)) {
                    sums[i * wide + v] = add_in_tile<(Rows < wide)>(sums[i * wide + v], factor[i], row[v]);
                };
                // The smaller number of vectors stays in registers while the others go by.
                if constexpr (Rows < wide) {
                    unrolled<Rows>(splat);
                    unrolled<wide>([&](auto v) __attribute__((always_inline)) {
                        load(v);
                        unrolled<Rows>([&](auto i) __attribute__((always_inline)) { sum(i, v); });
                    });
                } else {
                    unrolled<wide>(load);
                    unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                        splat(i);
                        unrolled<wide>([&](auto v) __attribute__((always_inline)) { sum(i, v); });
                    });
                }
            });
        };
        for (int c = 0; c < by.source.channels; ++c, x += by.source.plane, w += by.channels_apart) {
            if constexpr (by.steps_down * by.steps_along == 1)
                for (int t = 0; t < by.tap_count; ++t) add(x + taps.at[t].source, w + taps.at[t].filter);
            else
                for (auto const* t = first; t != end; ++t) add(x + t->source, w + t->filter);
        }
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            T* const to = y + i * result_plane + (joins_rows ? 0 : from * by.steps_along);
            if constexpr (scatters) {
                alignas(64) T row[wide * width];
                unrolled<wide>(
                    [&](auto v) __attribute__((always_inline)) { simd::store(row + v * width, sums[i * wide + v]); });
                for (int j = 0; j < valid; ++j) to[j * by.steps_along] = row[j];
            } else
                unrolled<wide>([&](auto v) __attribute__((always_inline)) {
                    if constexpr (joins_rows)
                        store_joined(to, from + column(v), sums[i * wide + v]);
                    else if constexpr (by.columns < width)
                        simd::store_partial(to, sums[i * wide + v], by.columns);
                    else
                        simd::store(to + column(v), sums[i * wide + v]);
                });
        });
    }

    // Results of a row and remainder: their windows are at x; `valid` of the columns exist.
    static void row(T const* x, T const* filters, int remainder, T* y, int valid, auto const*... begin) noexcept {
        auto const *const first = taps.at + taps.begin[remainder], *const end = taps.at + taps.begin[remainder + 1];
        for (int from = 0; from < full + (rest > 0 ? 1 : 0); from += strip) {
            int const last = std::min(full, from + strip);
            for (int t = 0; t < split::count; ++t) {
                int const output = t * split::rows + std::min(t, split::taller);
                T const* const w = filters + output * by.filters_apart;
                T* const to = y + output * result_plane;
                auto const outputs = [&]<int Rows>() __attribute__((always_inline)) {
                    for (int j = from; j < last; ++j)
                        tile<Rows, tile_columns>(x + j * tile_columns, w, first, end, to, j * tile_columns,
                                                 std::min(tile_columns, valid - j * tile_columns), (begin + output)...);
                    if constexpr (rest > 0)
                        if (from + strip > full)
                            tile<Rows, rest>(x + full * tile_columns, w, first, end, to, full * tile_columns,
                                             valid - full * tile_columns, (begin + output)...);
                };
                if (t < split::taller)
                    outputs.template operator()<split::rows + (split::taller > 0)>();
                else
                    outputs.template operator()<split::rows>();
            }
        }
    }

    // So many images; `fresh`: the first call for this room. `begin`: where sums begin, a number for each output.
    static void run(T const* images, T const* filters, T* results, T* packed, int count, bool fresh,
                    auto const*... begin) noexcept {
        constexpr op::convolution_source const& s = by.source;
        if (s.packed && fresh) std::fill_n(packed, s.size, T(0));
        for (int n = 0; n < count; ++n)
            for (int g = 0; g < by.groups;
                 ++g, images += s.channels * s.rows * s.columns, results += by.outputs * result_plane) {
                T const* x = images;
                if constexpr (s.packed) pack_source<V, typename Pass::source>(images, packed), x = packed;
                for (int down = 0; down < by.steps_down; ++down)
                    for (int along = 0; along < by.steps_along; ++along) {
                        T const* from = x;
                        int const valid = (by.result_columns - 1 - along) / by.steps_along + 1;
                        for (int i = down; i < rows; i += by.steps_down, from += by.row_step)
                            row(from, filters + g * by.filters_of_a_group, down * by.steps_along + along,
                                results + i * by.result_columns + along, valid, (begin + g * by.outputs)...);
                    }
            }
    }
};

// A pass as a type.
template <class Node, class V>
struct windows_pass {
    static constexpr op::convolving loops = op::convolution::loops(Node::shape(0), Node::shape(1), Node::attribute);
    static constexpr op::convolution_pass value =
        op::windows_pass(loops, target_of<V>, planned_lanes<simd::value_t<V>>);
    static constexpr auto taps = op::taps_of_windows<value.tap_count>(loops, value);
    struct source {
        static constexpr op::convolution_source value = windows_pass::value.source;
    };
};
template <class Node, class V>
struct adjoint_pass {
    static constexpr op::convolving loops =
        op::convolution_to_images::loops(Node::shape(0), Node::shape(1), Node::attribute);
    static constexpr op::convolution_pass value =
        op::adjoint_pass(loops, target_of<V>, planned_lanes<simd::value_t<V>>);
    static constexpr auto taps =
        op::taps_of_adjoint<value.tap_count, value.steps_down * value.steps_along>(loops, value);
    struct source {
        static constexpr op::convolution_source value = adjoint_pass::value.source;
    };
};

// Adds what the sums of so many images should have begun with.
template <class Node, class T>
inline void add_begin(operands<T> const& x, int images) noexcept {
    if constexpr (Node::begins_with >= 0) {
        constexpr extents y = Node::result_shape(0);
        constexpr int plane = y.size() / (y.d[0] * y.d[1]);
        T* to = x.result[0];
        for (int n = 0; n < images; ++n)
            for (int c = 0; c < y.d[1]; ++c)
                for (int i = 0; i < plane; ++i) *to++ += x.argument[Node::call.operation->arity][c];
    }
}

// Runs a pass, or the operation's own loop, where lanes are none, or more than were planned for, or zeros would meet
// what is not finite.
template <class Op, class Node, class Pass, class V, bool Whole = true>
bool run_convolution(operands<simd::value_t<V>> const& x, bool fresh = true) noexcept {
    using T = simd::value_t<V>;
    constexpr op::convolution_pass by = Pass::value;
    if (!by.source.packed || all_finite<V>(x.argument[1], by.groups * by.filters_of_a_group)) {
        constexpr bool on_stack = Node::panels < 0;
        panel_room<T, by.source.size + 1, on_stack> room(x.panels);
        auto const run = [&](auto const*... begin) __attribute__((always_inline)) {
            convolution_tiles<Pass, V>::run(x.argument[0], x.argument[1], x.result[0], room.at, Whole ? by.images : 1,
                                            fresh || on_stack, begin...);
        };
        if constexpr (Node::begins_with >= 0)
            run(x.argument[Op::arity]);
        else
            run();
        return true;
    }
    return Op::template compute<accurate, T>(x) && (detail::add_begin<Node>(x, Whole ? by.images : 1), true);
}
template <class V>
inline constexpr bool has_planned_lanes = simd::width<V> > 1 && simd::width<V> <= planned_lanes<simd::value_t<V>>;

}  // namespace detail

template <>
struct dense_kernel<op::convolution> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr op::convolving c = op::convolution::loops(Node::shape(0), Node::shape(1), Node::attribute);
        if constexpr (!detail::has_planned_lanes<V>) {
            using T = simd::value_t<V>;
            convolution_on_scalars<Node, T>::run(x.argument[0], x.argument[1], x.result[0], c.images.outer);
            detail::add_begin<Node>(x, c.images.outer);
            return true;
        } else if constexpr (op::is_product(c)) {
            matmul<V, c.images.outer, c.filters.outer, c.filters.inner * c.filters.plane(), false, true>(
                x.argument[0], x.argument[1], x.result[0]);
            return true;
        } else
            return detail::run_convolution<op::convolution, Node, detail::windows_pass<Node, V>, V>(x);
    }
    template <class Node, class V>
    static void run_image(operands<simd::value_t<V>> const& x, bool first) noexcept {
        if constexpr (!detail::has_planned_lanes<V>) {
            convolution_on_scalars<Node, simd::value_t<V>>::run(x.argument[0], x.argument[1], x.result[0], 1);
            detail::add_begin<Node>(x, 1);
        } else
            detail::run_convolution<op::convolution, Node, detail::windows_pass<Node, V>, V, false>(x, first);
    }
};

template <>
struct dense_kernel<op::convolution_to_images> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr op::convolving c = op::convolution_to_images::loops(Node::shape(0), Node::shape(1), Node::attribute);
        if constexpr (!detail::has_planned_lanes<V>)
            return op::convolution_to_images::compute<accurate, simd::value_t<V>>(x);
        else if constexpr (op::is_product(c)) {
            matmul<V, c.images.outer, c.filters.inner * c.filters.plane(), c.filters.outer>(x.argument[0],
                                                                                            x.argument[1], x.result[0]);
            return true;
        } else if constexpr (op::by_taps(c, target_of<V>, detail::planned_lanes<simd::value_t<V>>)) {
            detail::adjoint_by_taps<Node, V>::run(x.argument[0], x.argument[1], x.result[0], c.images.outer);
            return true;
        } else
            return detail::run_convolution<op::convolution_to_images, Node, detail::adjoint_pass<Node, V>, V>(x);
    }
    template <class Node, class V>
    static void run_image(operands<simd::value_t<V>> const& x, bool first) noexcept {
        if constexpr (!detail::has_planned_lanes<V>)
            op::convolution_to_images::compute<accurate, simd::value_t<V>>(x);
        else if constexpr (op::by_taps(
                               op::convolution_to_images::loops(Node::shape(0), Node::shape(1), Node::attribute),
                               target_of<V>, detail::planned_lanes<simd::value_t<V>>))
            detail::adjoint_by_taps<Node, V>::run(x.argument[0], x.argument[1], x.result[0], 1);
        else
            detail::run_convolution<op::convolution_to_images, Node, detail::adjoint_pass<Node, V>, V, false>(x, first);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
