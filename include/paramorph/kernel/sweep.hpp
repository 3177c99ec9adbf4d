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

#include <algorithm>

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

// A step that is not flat, at one outer index. Settled: as in sweep_body.
template <class C, int Step, class V, bool Settled = false>
struct sweep_matrix {
    static constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V, Settled>;
    using under = sweep_body<C, Step, plan.masked ? below : middle, V>;
    using over = sweep_body<C, Step, plan.masked ? above : middle, V>;
    static constexpr int width = simd::width<V>, rows = plan.space[2], columns = plan.space[3];
    static constexpr bool whole = rows % width == 0 && columns % width == 0;
    static constexpr bool in_first_cache = on::in_first_cache;
    static constexpr int high_band = target_of<V>.tiles_of_a_band * width;
    // Bands of one tile while the matrix fits in the first cache; of two beyond, so that whole cache lines are read.
    static constexpr int height = on::tiles == 0 ? 1 : in_first_cache || rows % high_band != 0 ? width : high_band;
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
    static constexpr int scales = Settled || plan.masked || on::reduces ? 0 : without_scales::scales;
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

    // Reductions, and whatever is not read by tiles: row by row, [first, last).
    [[gnu::always_inline]] void run_rows(index first, index last) const {
        accumulators sums;
        rows_of_on::template begin<typename rows_of_on::all_rows>(sums);
        run_rows(first, last, sums);
        rows_of_on::template finish<typename rows_of_on::all_rows>(sums, to, first, first == 0);
    }
    // The same where what is complete after all rows goes on.
    [[gnu::always_inline]] void run_rows(index first, index last, accumulators& sums) const {
        index i = first;
        if constexpr (by_rows<on>::at_once)
            for (; i + width <= last; i += width) settle_reduced(rows_of_on::reduce(from, to, i), i);
        constexpr bool ragged = columns % width != 0;
        // The loop itself would cost a quarter.
        constexpr int at_once = columns <= 2 * width ? 8 : 4;
        if constexpr (!plan.masked && !on::reduces && columns <= 4 * width && on::size <= target_of<V>.several_rows)
            for (; i + at_once <= last; i += at_once)
                unrolled<at_once>([&](auto r)
                                      __attribute__((always_inline)) { row<ragged>(to, sums, i + r, 0, columns); });
        for (; i < last; ++i) {
            rows_of_on::template begin<typename rows_of_on::each_row>(sums);
            row<ragged>(to, sums, i, 0, columns);
            rows_of_on::template finish<typename rows_of_on::each_row>(sums, to, i);
            settle_row(i);
        }
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

// The results of a step that are complete only now, and may have to be computed again.
template <class C, int Step, class V>
struct settle_step {
    static constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    using rows = by_rows<on>;
    using T = simd::value_t<V>;
    static constexpr bool needed = rows::template any_settles<typename rows::settled_after_all>;

    // Calls f with the elements that store K combines at this place; axes that it reduces are run through.
    template <int K, class F>
    static void each(frame const& f, index const (&at)[max_rank], F const& call) noexcept {
        constexpr auto reduced = [](int a) { return on::reduced(K) >> a & 1; };
        auto const end = [&](int a) { return reduced(a) ? index(plan.space[a]) : at[a] + 1; };
        for (index i0 = at[0]; i0 < end(0); ++i0)
            for (index i1 = at[1]; i1 < end(1); ++i1) {
                typename on::sources from;
                typename on::targets to;
                on::open(f, i0, i1, from, to);
                for (index i = at[2]; i < end(2); ++i)
                    for (index j = at[3]; j < end(3); ++j) call(rows::template element<K>(from, i, j));
            }
    }
    template <int K>
    static void store(frame const& f) noexcept {
        using op = typename rows::template combined_by<K>;
        auto const end = [&](int a) { return on::reduced(K) >> a & 1 ? index(1) : index(plan.space[a]); };
        index at[max_rank]{};
        for (at[0] = 0; at[0] < end(0); ++at[0])
            for (at[1] = 0; at[1] < end(1); ++at[1]) {
                typename on::sources from;
                typename on::targets to;
                on::open(f, at[0], at[1], from, to);
                for (at[2] = 0; at[2] < end(2); ++at[2])
                    for (at[3] = 0; at[3] < end(3); ++at[3]) {
                        T* const p = to.at[K] + at[2] * on::stride_of_store(K, 2) + at[3] * on::stride_of_store(K, 3);
                        if (op::is_settled(*p)) continue;
                        *p = op::template settle<typename rows::mathematics, T>(
                            [&](auto const& g) { each<K>(f, at, g); });
                    }
            }
    }
    [[gnu::noinline]] static void stores(frame const& f) noexcept {
        rows::template for_sums<typename rows::settled_after_all>([&](auto k) {
            if constexpr (settles<typename rows::template combined_by<k>>) store<k>(f);
        });
    }
    [[gnu::always_inline]] static void run(frame const& f) noexcept {
        if constexpr (needed) stores(f);
    }
};

// A step whose sums over rows or planes are long: what is combined in memory. The loops over what is reduced are
// innermost; a strip of columns at a time, blocks of longest_block rows are combined pairwise in strips on the stack.
template <class C, int Step, class V>
struct long_reduction {
    static constexpr step plan = C::plan.steps[Step];
    using matrix = sweep_matrix<C, Step, V>;
    using on = typename matrix::on;
    using rows = by_rows<on>;
    using T = simd::value_t<V>;
    static constexpr int width = matrix::width, columns = plan.space[3];
    static constexpr int most_bytes = target_of<V>.strip_bytes, most_bytes_of_rows = target_of<V>.unsplit_strip_bytes;

    // The axes 0, 1 and 2 that the stores reduce; one that reduces none of them is complete after each row.
    struct shape_of_sums {
        int axes = 0, strips = 0;
        index chain = 1;
        bool same = true, pure = true;
    };
    static constexpr shape_of_sums sums_of_step = [] {
        shape_of_sums s;
        for (int k = 0; k < plan.store_count; ++k) {
            if (on::reduced(k) == 0) continue;
            int const axes = on::long_axes(k) & 7;
            s.pure = s.pure && (on::reduced(k) & 8) == 0;
            if (axes == 0) continue;
            s.same = s.same && (s.axes == 0 || s.axes == axes);
            s.axes = axes;
            if ((on::reduced(k) & 8) == 0) ++s.strips;
        }
        for (int a = 0; a < 3; ++a)
            if (s.axes >> a & 1) s.chain *= plan.space[a];
        return s;
    }();
    static constexpr int strips = sums_of_step.strips, levels = levels_of(sums_of_step.chain);
    static constexpr index bytes_of_a_column = index(levels + 1) * strips * sizeof(T);
    static constexpr index strip = [] {
        if (!sums_of_step.pure || columns * bytes_of_a_column <= most_bytes) return index(columns);
        index const fitting = most_bytes / std::max<index>(bytes_of_a_column, 1) / (2 * width) * (2 * width);
        return fitting < 2 * width ? index(2 * width) : fitting;
    }();
    static constexpr bool applies = on::reduces && sums_of_step.same && sums_of_step.chain > longest_chain &&
                                    (strips == 0 || sums_of_step.pure ||
                                     columns * bytes_of_a_column <= most_bytes_of_rows);
    static constexpr bool reduces_axis(int a) { return sums_of_step.axes >> a & 1; }

    struct complete_here {
        static constexpr bool holds(int k) { return (on::reduced(k) & 8) != 0 && (on::long_axes(k) & 7) != 0; }
    };
    struct complete_after_a_row {
        static constexpr bool holds(int k) { return (on::reduced(k) & 8) != 0 && (on::long_axes(k) & 7) == 0; }
    };
    struct in_strips {
        static constexpr bool holds(int k) { return on::reduced(k) != 0 && (on::reduced(k) & 8) == 0; }
    };
    static constexpr int strip_of(int k) {
        int n = 0;
        for (int i = 0; i < k; ++i) n += in_strips::holds(i) ? 1 : 0;
        return n;
    }

    struct strips_of_sums {
        alignas(64) T of[levels + 1][strips == 0 ? 1 : strips][strips == 0 ? 1 : strip];
        index chain = 0;
        std::size_t blocks = 0;
    };
    // to = combine(a, b), n elements.
    template <int K>
    static void combine(T* to, T const* a, T const* b, index n) noexcept {
        using op = typename rows::template combined_by<K>;
        using mathematics = typename rows::mathematics;
        index j = 0;
        for (; j + width <= n; j += width)
            simd::store(to + j, op::template combine<mathematics>(simd::load<V>(a + j), simd::load<V>(b + j)));
        for (; j < n; ++j) to[j] = op::template combine<mathematics>(a[j], b[j]);
    }
    // The lowest strips are a block.
    static void end_block(strips_of_sums& s, index n) noexcept {
        rows::template for_sums<in_strips>([&](auto k) {
            constexpr int strip_k = strip_of(k);
            T* const block = s.of[0][strip_k];
            int level = 1;
            for (std::size_t b = s.blocks; b & 1; b >>= 1) combine<k>(block, s.of[level++][strip_k], block, n);
            std::copy_n(block, n, s.of[level][strip_k]);
        });
        ++s.blocks;
        s.chain = 0;
    }
    static void write(strips_of_sums& s, typename on::targets const& to, index i, index first, index n) noexcept {
        if (s.chain > 0) end_block(s, n);
        rows::template for_sums<in_strips>([&](auto k) {
            constexpr int strip_k = strip_of(k);
            T* const p = to.at[k] + i * on::stride_of_store(k, 2) + first;
            bool fresh = true;
            for (int level = 1; level <= levels; ++level) {
                if (!(s.blocks >> (level - 1) & 1)) continue;
                if (fresh)
                    std::copy_n(s.of[level][strip_k], n, p);
                else
                    combine<k>(p, s.of[level][strip_k], p, n);
                fresh = false;
            }
        });
    }

    // What is reduced to row i (0 where rows are reduced) of plane (k0, k1), columns [first, last).
    static void run(frame const& f, index k0, index k1, index i, index first, index last) noexcept {
        constexpr bool ragged = columns % width != 0;
        strips_of_sums s;
        typename on::accumulators sums;
        rows::template begin<complete_here>(sums);
        index const end0 = reduces_axis(0) ? plan.space[0] : k0 + 1, end1 = reduces_axis(1) ? plan.space[1] : k1 + 1,
                    end2 = reduces_axis(2) ? plan.space[2] : i + 1;
        for (index a0 = k0; a0 < end0; ++a0)
            for (index a1 = k1; a1 < end1; ++a1) {
                matrix const m(f, a0, a1);
                strip_targets<T, on::stores> to{};
                unrolled<plan.store_count>([&](auto k) {
                    to.at[k] = m.to.at[k];
                    if constexpr (in_strips::holds(k)) to.at[k] = s.of[0][strip_of(k)];
                });
                to.column = first;
                for (index a2 = i; a2 < end2; ++a2) {
                    for (bool& fresh : to.fresh) fresh = s.chain == 0;
                    rows::template begin<complete_after_a_row>(sums);
                    m.template row<ragged>(to, sums, a2, first, last);
                    rows::template finish<complete_after_a_row>(sums, m.to, a2);
                    m.settle_row(a2);
                    if constexpr (strips > 0)
                        if (++s.chain == longest_block) end_block(s, last - first);
                }
            }
        matrix const m(f, k0, k1);
        if constexpr (strips > 0) write(s, m.to, i, first, last - first);
        rows::template finish<complete_here>(sums, m.to, i);
    }
    static void run(frame const& f) noexcept {
        for (index k0 = 0; k0 < (reduces_axis(0) ? 1 : plan.space[0]); ++k0)
            for (index k1 = 0; k1 < (reduces_axis(1) ? 1 : plan.space[1]); ++k1)
                for (index i = 0; i < (reduces_axis(2) ? 1 : plan.space[2]); ++i)
                    for (index first = 0; first < columns; first += strip)
                        run(f, k0, k1, i, first, std::min<index>(first + strip, columns));
    }
};

// Elements [first, last) of a flat step.
template <class C, int Step, class V, bool Settled = false>
[[gnu::always_inline]] inline void sweep_flat(
    frame const& f, index first, index last,
    typename sweep_body<C, Step, middle, V, Settled>::accumulators& sums) noexcept {
    using on = sweep_body<C, Step, middle, V, Settled>;
    constexpr bool ragged = (C::rows.of[Step].block != 0 || on::elements_in_all % on::width != 0);
    typename on::sources from;
    typename on::targets to;
    on::open(f, 0, 0, from, to);
    by_rows<on>::template row<true, ragged>(from, to, sums, 0, first, last);
}

// What a step combines along all rows, from its first rows to its last.
template <class C, int Step, class V>
struct total_sums {
    using on = sweep_body<C, Step, middle, V>;
    using rows = by_rows<on>;
    // Of a step that has nothing of the kind no state is kept from some rows to the next.
    static constexpr bool needed = [] {
        for (int k = 0; k < on::plan.store_count; ++k)
            if (rows::all_rows::holds(k)) return true;
        return false;
    }();
    typename on::accumulators of;

    [[gnu::always_inline]] total_sums() { rows::template begin<typename rows::all_rows>(of); }
    [[gnu::always_inline]] void finish(frame const& f) const {
        if constexpr (needed) {
            typename on::sources from;
            typename on::targets to;
            on::open(f, 0, 0, from, to);
            rows::template finish<typename rows::all_rows>(of, to, 0);
        }
    }
};

template <class C, int Step, class V>
[[gnu::always_inline]] inline void sweep_here(frame const& f) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    if constexpr (on::flat) {
        total_sums<C, Step, V> sums;
        sweep_flat<C, Step, V>(f, 0, on::elements_in_all, sums.of);
        sums.finish(f);
    } else if constexpr (long_reduction<C, Step, V>::applies)
        long_reduction<C, Step, V>::run(f);
    else
        for (index i0 = 0; i0 < plan.space[0]; ++i0)
            for (index i1 = 0; i1 < plan.space[1]; ++i1) sweep_matrix<C, Step, V>(f, i0, i1).run(f, i0, i1);
    settle_step<C, Step, V>::run(f);
}

// A step as a function; where a program has no other step, or group of steps, it is inlined instead.
template <class C, int Step, class V>
void sweep(frame const& f) noexcept {
    sweep_here<C, Step, V>(f);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
