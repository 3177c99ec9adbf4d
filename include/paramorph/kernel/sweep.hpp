// The fused loop: one pass over memory for all nodes of a scheduled step. Three shapes of loop:
//   flat   every operand is contiguous or one number: a single loop over all elements
//   rows   operands are read along the innermost axis
//   tiles  some operand is read transposed: square tiles, transposed in registers, in bands of two tiles so that whole
//   cache lines are used; in a square matrix a tile and its mirror image are taken together while both stay in the
//   cache, or where both compute the same: that is then computed once (kernel/mirror.hpp)
// A masked step runs its three bodies on the columns below, on and above the masked diagonals of each band.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/mirror.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

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

// A step that is not flat, at one outer index.
template <class C, int Step, class V>
struct sweep_matrix {
    static constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    using under = sweep_body<C, Step, plan.masked ? below : middle, V>;
    using over = sweep_body<C, Step, plan.masked ? above : middle, V>;
    static constexpr int width = simd::width<V>, rows = plan.space[2], columns = plan.space[3];
    static constexpr bool whole = rows % width == 0 && columns % width == 0;
    static constexpr bool in_first_cache = on::in_first_cache;
    // Bands of one tile while the matrix fits in the first cache; of two beyond, so that whole cache lines are read.
    static constexpr int height = on::tiles == 0 ? 1 : in_first_cache || rows % (2 * width) != 0 ? width : 2 * width;
    // Square, tiles lie on the diagonal, and masks change on it or next to it only: which tiles a mask splits, and how,
    // is known. A tile and its mirror image are taken together: in all of a matrix that fits in the first cache, or
    // where arithmetic takes the time; else in the squares on the diagonal of a larger one, whose bands are written
    // from left to right.
    static constexpr bool mirrored = on::tiles > 0 && whole&& rows == columns &&
                                     (!plan.masked || (plan.low >= -1 && plan.high <= 1));

    typename on::sources from;
    typename under::sources from_under;
    typename over::sources from_over;
    typename on::targets to;

    [[gnu::always_inline]] sweep_matrix(frame const& f, index i0, index i1) {
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

    // Reductions, and whatever is not read by tiles: row by row, [first, last).
    [[gnu::always_inline]] void run_rows(index first, index last) const {
        typename on::accumulators sums;
        by_rows<on>::template begin<false>(sums);
        index i = first;
        if constexpr (by_rows<on>::at_once)
            for (; i + width <= last; i += width) by_rows<on>::reduce(from, to, i);
        constexpr bool ragged = columns % width != 0;
        // The loop itself would cost a quarter.
        if constexpr (!plan.masked && !on::reduces && columns <= 4 * width && on::size <= 12)
            for (; i + 4 <= last; i += 4)
                unrolled<4>([&](auto r) __attribute__((always_inline)) {
                    by_rows<on>::template row<false, ragged>(from, to, sums, i + r, 0, columns);
                });
        for (; i < last; ++i) {
            by_rows<on>::template begin<true>(sums);
            if constexpr (!plan.masked)
                by_rows<on>::template row<false, ragged>(from, to, sums, i, 0, columns);
            else {
                masked_band<C, Step, V> const split(i, 1);
                by_rows<under>::template row<false, ragged>(from_under, to, sums, i, 0, split.end_below);
                by_rows<on>::template row<false, ragged>(from, to, sums, i, split.end_below, split.begin_above);
                by_rows<over>::template row<false, ragged>(from_over, to, sums, i, split.begin_above, columns);
            }
            by_rows<on>::template finish<true>(sums, to, i);
        }
        by_rows<on>::template finish<false>(sums, to, first);
    }

    [[gnu::always_inline]] void run(frame const& f, index i0, index i1) const {
        if constexpr (on::reduces) {
            run_rows(0, rows);
        } else if constexpr (mirrored) {
            using mirror = mirrored_matrix<C, Step, V>;
            mirror const pairs(f, i0, i1);
            if constexpr (rows <= 2 * width)
                pairs.small();
            else if constexpr (in_first_cache || mirror::pair_code.everywhere)
                pairs.template all<in_first_cache ? rows : height>();
            else
                for (index i = 0; i < rows; i += height) {
                    tiled<under>::template band<true>(from_under, to, i, height, 0, i);
                    pairs.square(i, i, height);
                    tiled<over>::template band<true>(from_over, to, i, height, i + height, columns);
                }
        } else {
            for (index i = 0; i + height <= rows; i += height)
                band<whole && height % width == 0>(i, height, 0, columns);
            if constexpr (rows % height != 0) band<false>(rows / height * height, rows % height, 0, columns);
        }
    }
};

// Elements [first, last) of a flat step.
template <class C, int Step, class V>
[[gnu::always_inline]] inline void sweep_flat(frame const& f, index first, index last) noexcept {
    using on = sweep_body<C, Step, middle, V>;
    constexpr bool ragged = (C::rows.of[Step].block != 0 || on::elements_in_all % on::width != 0);
    typename on::sources from;
    typename on::targets to;
    typename on::accumulators sums;
    on::open(f, 0, 0, from, to);
    by_rows<on>::template begin<false>(sums);
    by_rows<on>::template row<true, ragged>(from, to, sums, 0, first, last);
    by_rows<on>::template finish<false>(sums, to, first);
}

template <class C, int Step, class V>
[[gnu::always_inline]] inline void sweep_here(frame const& f) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    if constexpr (on::flat)
        sweep_flat<C, Step, V>(f, 0, on::elements_in_all);
    else
        for (index i0 = 0; i0 < plan.space[0]; ++i0)
            for (index i1 = 0; i1 < plan.space[1]; ++i1) sweep_matrix<C, Step, V>(f, i0, i1).run(f, i0, i1);
}

// A step as a function; where a program has no other step, or group of steps, it is inlined instead.
template <class C, int Step, class V>
void sweep(frame const& f) noexcept {
    sweep_here<C, Step, V>(f);
}

// One of the steps that run together, rows [first, last) of it. Number is the vector type of what is computed of one
// number for each row.
template <class C, int Step, class V, class Number>
[[gnu::always_inline]] inline void sweep_rows(frame const& f, index first, index last) noexcept {
    constexpr index columns = C::plan.steps[Step].space[3];
    if constexpr (C::plan.steps[Step].space[2] == 1)
        sweep_flat<C, Step, Number>(f, first, last);
    else if constexpr (sweep_body<C, Step, middle, V>::flat)
        sweep_flat<C, Step, V>(f, first * columns, last * columns);
    else
        sweep_matrix<C, Step, V>(f, 0, 0).run_rows(first, last);
}

// Where the rows from i on end that are taken together, Together of Rows. That none of these groups is shorter is known
// while compiling where they divide the rows: then no loop for a rest of them is made.
template <index Rows, index Together>
[[gnu::always_inline]] inline constexpr index end_of_rows(index i) noexcept {
    return Rows % Together == 0 || Rows - i >= Together ? i + Together : Rows;
}

// The steps that run together with step First, block of rows by block of rows. What is computed of one number for each
// row takes them in the units in which they were written: a vector loaded from several stores waits for the cache.
// Where that are vectors, it follows the sums of those rows at once: its roots and quotients take their time while the
// next rows are summed.
template <class C, int First, class V>
[[gnu::always_inline]] inline void sweep_together_here(frame const& f) noexcept {
    constexpr row_group group = C::rows.of[First];
    constexpr index rows = C::plan.steps[First].space[2];
    constexpr bool by_vectors = []<int... K>(std::integer_sequence<int, K...>) {
        return group.block % simd::width<V> == 0 && ((!sweep_body<C, First + K, middle, V>::reduces ||
                                                      by_rows<sweep_body<C, First + K, middle, V>>::at_once) &&
                                                     ...);
    }(std::make_integer_sequence<int, group.last - First + 1>{});
    using number = std::conditional_t<by_vectors, V, simd::value_t<V>>;
    constexpr index unit = by_vectors ? simd::width<V> : group.block;
    for (index i = 0; i < rows; i += group.block) {
        index const end = end_of_rows<rows, group.block>(i);
#pragma GCC unroll 2  // the sums of the next rows begin before the roots of these end
        for (index k = i; k < end; k += unit) {
            index const last = end_of_rows<rows, unit>(k);  // a block is whole units
            unrolled<First, group.last>(
                [&](auto s) __attribute__((always_inline)) { sweep_rows<C, s, V, number>(f, k, last); });
        }
        sweep_rows<C, group.last, V, number>(f, i, end);
    }
}

template <class C, int First, class V>
void sweep_together(frame const& f) noexcept {
    sweep_together_here<C, First, V>(f);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
