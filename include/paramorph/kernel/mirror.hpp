// A tile and its mirror image, computed together (graph/mirror.hpp): what both compute is computed once and crosses
// over by a transposition in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/mirror.hpp"
#include "paramorph/kernel/tile.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <class C, int Step>
struct mirrored_code {
    static constexpr step plan = C::plan.steps[Step];
    static constexpr int instructions(region r) { return plan.bodies[r].last - plan.bodies[r].first; }
    static constexpr int on = instructions(middle),
                         beside = plan.masked ? instructions(below) + instructions(above) : 2 * on;
    static constexpr auto pair = pair_up<beside, plan.store_count>(C::plan, plan, C::machine);
    static constexpr auto crossing = cross<2 * on, plan.store_count>(C::plan, plan, C::machine);
};
template <class C, int Step>
struct body_code<C, Step, paired> {
    static constexpr auto const& all = mirrored_code<C, Step>::pair;
    static constexpr int size = all.code.size, first = 0;
    static constexpr instruction const* begin = all.code.at;
    static constexpr instruction at(int i) { return begin[i]; }
    static constexpr int written(int k) { return all.here[k]; }
};
template <class C, int Step>
struct body_code<C, Step, before_crossing> {
    static constexpr auto const& all = mirrored_code<C, Step>::crossing;
    static constexpr int size = all.before.size, first = 0;
    static constexpr instruction const* begin = all.before.at;
    static constexpr instruction at(int i) { return begin[i]; }
};
template <class C, int Step>
struct body_code<C, Step, after_crossing> {
    static constexpr auto const& all = mirrored_code<C, Step>::crossing;
    static constexpr int size = all.after.size, first = 0;
    static constexpr instruction const* begin = all.after.at;
    static constexpr instruction at(int i) { return begin[i]; }
    static constexpr int written(int k) { return all.written[k]; }
};

// A step over a square matrix of whole tiles, masked at most on the diagonal and next to it, at one outer index.
template <class C, int Step, class V>
struct mirrored_matrix {
    using T = simd::value_t<V>;
    static constexpr step plan = C::plan.steps[Step];
    static constexpr auto const& pair_code = mirrored_code<C, Step>::pair;
    static constexpr auto const& crossing = mirrored_code<C, Step>::crossing;
    static constexpr int width = simd::width<V>, rows = plan.space[2], kept = crossing.kept_count;

    using on = sweep_body<C, Step, middle, V>;
    using under = sweep_body<C, Step, plan.masked ? below : middle, V>;
    using over = sweep_body<C, Step, plan.masked ? above : middle, V>;
    using both = sweep_body<C, Step, paired, V>;
    using first = sweep_body<C, Step, before_crossing, V>;
    using second = sweep_body<C, Step, after_crossing, V>;

    typename on::sources from;
    typename under::sources from_under;
    typename over::sources from_over;
    typename both::sources from_both;
    typename first::sources from_first;
    typename second::sources from_second;
    typename on::targets to;

    [[gnu::always_inline]] mirrored_matrix(frame const& f, index i0, index i1) {
        if constexpr (pair_code.pays)
            both::open(f, i0, i1, from_both, to);
        else {
            under::open(f, i0, i1, from_under, to);
            over::open(f, i0, i1, from_over, to);
        }
        if constexpr (kept == 0)
            on::open(f, i0, i1, from, to);
        else {
            first::open(f, i0, i1, from_first, to);
            second::open(f, i0, i1, from_second, to);
        }
    }

    // The tile at row i, column j > i, and its mirror image.
    [[gnu::always_inline]] void pair(index i, index j) const {
        if constexpr (!pair_code.pays) {
            tiled<over>::template tile<1>(from_over, to, i, j, j - i);
            tiled<under>::template tile<1>(from_under, to, j, i, i - j);
        } else {
            V there[on::stores][width];
            tiled<both>::template for_rows<1>(
                from_both, i, j, j - i, [&](auto down, auto const& value) __attribute__((always_inline)) {
                    unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
                        there[k][down] = value[0].of[pair_code.there[k]];
                        simd::store(to.at[k] + (i + down) * on::stride_of_store(k, 2) + j,
                                    value[0].of[pair_code.here[k]]);
                    });
                });
            unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
                if constexpr (pair_code.code.at[pair_code.there[k]].kind != instruction::number)
                    simd::transpose(there[k]);
                unrolled<width>([&](auto down) __attribute__((always_inline)) {
                    simd::store(to.at[k] + (j + down) * on::stride_of_store(k, 2) + i, there[k][down]);
                });
            });
        }
    }

    // The tile on the diagonal at row i.
    [[gnu::always_inline]] void diagonal(index i) const {
        if constexpr (kept == 0)
            tiled<on>::template tile<1>(from, to, i, i, 0);
        else {
            alignas(64) T values[2 * kept][width * width];
            V across[kept][width];
            tiled<first>::template for_rows<1>(from_first, i, i, 0,
                                               [&](auto down, auto const& value) __attribute__((always_inline)) {
                                                   unrolled<kept>([&](auto k) __attribute__((always_inline)) {
                                                       V const v = value[0].of[crossing.kept[k]];
                                                       if constexpr (crossing.straight[k])
                                                           simd::store(values[2 * k] + down * width, v);
                                                       if constexpr (crossing.mirrored[k]) across[k][down] = v;
                                                   });
                                               });
            unrolled<kept>([&](auto k) __attribute__((always_inline)) {
                if constexpr (crossing.mirrored[k]) {
                    simd::transpose(across[k]);
                    unrolled<width>([&](auto down) __attribute__((always_inline)) {
                        simd::store(values[2 * k + 1] + down * width, across[k][down]);
                    });
                }
            });
            typename second::sources of;
            unrolled<second::loads.count>([&](auto l) __attribute__((always_inline)) {
                constexpr int k = second::loads.at[l], source = second::at(k).source;
                if constexpr (source < 0)
                    of[k] = values[-1 - source];
                else
                    of[k] = from_second[k];
            });
            tiled<second>::template tile<1>(of, to, i, i, 0);
        }
    }

    // Rows [i, i + size), columns [j, j + size), and its mirror image where that is another square.
    [[gnu::always_inline]] void square(index i, index j, index size) const {
        for (index r = i; r < i + size; r += width) {
            if (i == j) diagonal(r);
            for (index c = i == j ? r + width : j; c < j + size; c += width) pair(r, c);
        }
    }
    template <int Size>
    [[gnu::always_inline]] void all() const {
        for (index i = 0; i < rows; i += Size)
            for (index j = i; j < rows; j += Size) square(i, j, Size);
    }
    // At most two tiles wide.
    [[gnu::always_inline]] void small() const {
        unrolled<rows / width>([&](auto i) __attribute__((always_inline)) {
            diagonal(i * width);
            unrolled<i + 1, rows / width>([&](auto j) __attribute__((always_inline)) { pair(i * width, j * width); });
        });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
