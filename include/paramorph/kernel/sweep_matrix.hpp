// A fused step that is not flat, at one outer index: a plane of rows and columns, row by row or by tiles. In a square
// matrix a tile and its mirror image are taken together while both stay in the cache, or where both compute the same:
// that is then computed once (kernel/mirror.hpp). A masked step runs its three bodies on the columns below, on and
// above the masked diagonals of each band.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/kernel/mirror.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// The shape of a step's loop on vectors of this type.
template <class C, int Step, class V>
inline constexpr loop_shape shape_of_step = shape_of_loop(C::simplified, C::plan, Step, target_of<V>);

// Columns of a band of rows [i, i + height): those that a masked step computes below, on and above the masked
// diagonals.
template <class C, int Step, class V>
struct masked_band {
    static constexpr step plan = C::plan.steps[Step];
    static constexpr int width = simd::width<V>, columns = plan.space[3];
    index end_below, begin_above;

    constexpr masked_band(index i, int height)
        : end_below(limited(down(i + plan.low + 1))), begin_above(limited(-down(-(i + height - 1 + plan.high)))) {}
    static constexpr index down(index j) { return j >= 0 ? j / width * width : -((-j + width - 1) / width * width); }
    static constexpr index limited(index j) { return j < 0 ? 0 : j > columns ? columns : j; }
};

// A step that is not flat, at one outer index. Settled: as in sweep_body.
template <class C, int Step, class V, bool Settled = false>
struct sweep_matrix {
    static constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V, Settled>;
    using under = sweep_body<C, Step, plan.masked ? below : middle, V>;
    using over = sweep_body<C, Step, plan.masked ? above : middle, V>;
    static constexpr int width = simd::width<V>, rows = plan.space[2], columns = plan.space[3];
    static constexpr bool whole = rows % width == 0 && columns % width == 0;
    static constexpr loop_shape shape = shape_of_step<C, Step, V>;
    static constexpr int height = shape.band;

    typename on::sources from;
    typename under::sources from_under;
    typename over::sources from_over;
    typename on::targets to;

    frame const& of;
    index plane[2];

    [[gnu::always_inline]] sweep_matrix(frame const& f, index i0, index i1) : of(f), plane{i0, i1} {
        on::open(f, i0, i1, from, to);
        under::open(f, i0, i1, from_under, to);
        over::open(f, i0, i1, from_over, to);
    }

    // Rows [i, i + h), columns [first, last).
    template <bool Whole>
    [[gnu::always_inline]] void band(index i, int h, index first, index last) const {
        if constexpr (!plan.masked)
            tiled<on>::template band<Whole>(from, to, i, h, first, last);
        else {
            masked_band<C, Step, V> const split(i, h);
            index const left = split.end_below < first ? first : split.end_below,
                        right = split.begin_above > last ? last : split.begin_above;
            tiled<under>::template band<Whole>(from_under, to, i, h, first, left);
            tiled<on>::template band<Whole>(from, to, i, h, left, right);
            tiled<over>::template band<Whole>(from_over, to, i, h, right, last);
        }
    }

    using rows_of_on = by_rows<on>;
    // Where scales are one for each row, that body takes the rows where all of them are 1.
    using without_scales = sweep_body<C, Step, middle, V, true>;
    static constexpr int scales =
        Settled || plan.masked || on::shape.reduces || on::rows == 1 ? 0 : without_scales::scales;
    using accumulators = typename on::accumulators;

    [[gnu::always_inline]] void settle_row(index i) const {
        if constexpr (rows_of_on::template any_settles<typename rows_of_on::settled_each_row>)
            if (!rows_of_on::is_settled(to, i)) [[unlikely]]
                rows_of_on::settle_rows(of, plane[0], plane[1], i, i + 1);
    }
    [[gnu::always_inline]] void settle_reduced(typename rows_of_on::reduced_rows const& reduced, index i) const {
        if constexpr (rows_of_on::settled.count > 0)
            if (rows_of_on::any_outside(reduced)) [[unlikely]]
                rows_of_on::settle_rows(of, plane[0], plane[1], i, i + width);
    }
    // Columns [first, last) of row i.
    template <bool Ragged, class Targets>
    [[gnu::always_inline]] void row(Targets const& targets, accumulators& sums, index i, index first,
                                    index last) const {
        if constexpr (scales > 0) {
            if (without_scales::scales_are_one(from, i)) [[likely]]
                return by_rows<without_scales>::template row<false, Ragged>(from, targets, sums, i, first, last);
        }
        if constexpr (!plan.masked)
            by_rows<on>::template row<false, Ragged>(from, targets, sums, i, first, last);
        else {
            masked_band<C, Step, V> const split(i, 1);
            index const left = std::clamp(split.end_below, first, last),
                        right = std::clamp(split.begin_above, first, last);
            by_rows<under>::template row<false, Ragged>(from_under, targets, sums, i, first, left);
            by_rows<on>::template row<false, Ragged>(from, targets, sums, i, left, right);
            by_rows<over>::template row<false, Ragged>(from_over, targets, sums, i, right, last);
        }
    }

    // Reductions, and whatever is not read by tiles: row by row, [first, last). `kept`, where it is given, gathers what
    // goes on after the last row.
    template <class... Kept>
    [[gnu::always_inline]] void run_rows(index first, index last, Kept&... kept) const {
        constexpr bool goes_on = sizeof...(Kept) > 0;
        accumulators own;
        accumulators& sums = first_of(kept..., own);
        if constexpr (!goes_on) rows_of_on::template begin<typename rows_of_on::all_rows>(sums);
        index i = first;
        if constexpr (on::shape.row_in_each_lane)
            for (; i + width <= last; i += width) settle_reduced(rows_of_on::reduce(from, to, i), i);
        constexpr bool ragged = columns % width != 0;
        constexpr int at_once = on::shape.unrolled_rows;
        if constexpr (at_once > 1)
            for (; i + at_once <= last; i += at_once)
                unrolled<at_once>([&](int r)
                                      __attribute__((always_inline)) { row<ragged>(to, sums, i + r, 0, columns); });
        for (; i < last; ++i) {
            rows_of_on::template begin<typename rows_of_on::each_row>(sums);
            row<ragged>(to, sums, i, 0, columns);
            rows_of_on::template finish<typename rows_of_on::each_row>(sums, to, i);
            settle_row(i);
        }
        if constexpr (!goes_on) rows_of_on::template finish<typename rows_of_on::all_rows>(sums, to, first, first == 0);
    }
    [[gnu::always_inline]] static accumulators& first_of(accumulators& sums, auto&...) { return sums; }

    [[gnu::always_inline]] void run(frame const& f, index i0, index i1) const {
        if constexpr (on::shape.reduces) {
            run_rows(0, rows);
        } else if constexpr (shape.kind == loop_shape::mirrored) {
            using mirror = mirrored_matrix<C, Step, V>;
            mirror const pairs(f, i0, i1);
            if constexpr (shape.unrolled)
                pairs.small();
            else if constexpr (on::shape.in_first_cache || mirror::pair_code.everywhere)
                pairs.template all<on::shape.in_first_cache ? rows : height>();
            else if constexpr (shape.squares)
                squares(pairs);
            else
                bands(pairs, 0, rows);
        } else
            bands(0, rows);
    }
    // Rows [first, last) by bands, from the beginning of one; the matrix may end within its last one.
    [[gnu::always_inline]] void bands(index first, index last) const {
        index i = first;
        for (; i + height <= last; i += height) band<whole && height % width == 0>(i, height, 0, columns);
        if constexpr (rows % height != 0)
            if (i < last) band<false>(i, rows % height, 0, columns);
    }
    // All rows by squares as high as a band: one right of the diagonal, then its mirror image, which reads the same.
    [[gnu::always_inline]] void squares(mirrored_matrix<C, Step, V> const& pairs) const {
        for (index i = 0; i < rows; i += height) {
            pairs.square(i, i, height);
            for (index j = i + height; j < columns; j += height) {
                tiled<over>::template band<true>(from_over, to, i, height, j, j + height);
                tiled<under>::template band<true>(from_under, to, j, height, i, i + height);
            }
        }
    }
    [[gnu::always_inline]] void bands(mirrored_matrix<C, Step, V> const& pairs, index first, index last) const {
        for (index i = first; i < last; i += height) {
            tiled<under>::template band<true>(from_under, to, i, height, 0, i);
            pairs.square(i, i, height);
            tiled<over>::template band<true>(from_over, to, i, height, i + height, columns);
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
