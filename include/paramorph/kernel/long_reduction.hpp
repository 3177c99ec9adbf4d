// Sums over many rows or planes, in strips on the stack (graph/loop_shape.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/kernel/sweep_matrix.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

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
    static constexpr strip_shape shape = matrix::shape.sums;
    static constexpr int strips = shape.strips, levels = shape.levels;
    static constexpr index strip = shape.columns;

    struct complete_here {
        static constexpr bool holds(int k) { return (on::reduced(k) & 8) != 0 && (on::axes_of_sum(k) & 7) != 0; }
    };
    struct complete_after_a_row {
        static constexpr bool holds(int k) { return (on::reduced(k) & 8) != 0 && (on::axes_of_sum(k) & 7) == 0; }
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
        index const end0 = shape.reduce_axis(0) ? plan.space[0] : k0 + 1,
                    end1 = shape.reduce_axis(1) ? plan.space[1] : k1 + 1,
                    end2 = shape.reduce_axis(2) ? plan.space[2] : i + 1;
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
        for (index k0 = 0; k0 < (shape.reduce_axis(0) ? 1 : plan.space[0]); ++k0)
            for (index k1 = 0; k1 < (shape.reduce_axis(1) ? 1 : plan.space[1]); ++k1)
                for (index i = 0; i < (shape.reduce_axis(2) ? 1 : plan.space[2]); ++i)
                    for (index first = 0; first < columns; first += strip)
                        run(f, k0, k1, i, first, std::min<index>(first + strip, columns));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
