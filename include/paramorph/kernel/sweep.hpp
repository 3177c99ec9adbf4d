// The fused loop: one pass over memory for all nodes of a scheduled step. The step's instructions are unrolled by a
// fold, their values stay in registers; V is the vector type, an xsimd batch or a scalar. Three shapes of loop:
//   flat   every operand is contiguous or one number: a single loop over all elements
//   rows   operands are read along the innermost axis
//   tiles  some operand is read transposed: square tiles, transposed in registers, in bands of two tiles so that whole
//   cache lines are used
// A masked step runs its three bodies on the columns below, on and above the masked diagonals of each band.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/kernel/compiled.hpp"
#include "paramorph/kernel/math.hpp"

namespace paramorph::kernel {

using index = std::ptrdiff_t;

// Calls f with First, ..., Last - 1 as constants, all inlined; in halves, because clang takes at most 256 operands in a
// fold.
template <int First, int Last, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
    if constexpr (Last - First <= 128)
        [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
            (f(std::integral_constant<int, First + I>{}), ...);
        }(std::make_integer_sequence<int, (Last > First ? Last - First : 0)>{});
    else {
        unrolled<First, (First + Last) / 2>(f);
        unrolled<(First + Last) / 2, Last>(f);
    }
}

// One body of a step.
template <class C, int Step, region R, class V>
struct sweep_body {
    using T = simd::value_t<V>;
    static constexpr int width = simd::width<V>;
    static constexpr step plan = C::plan.steps[Step];
    static constexpr body code = plan.bodies[R];
    static constexpr int size = code.last - code.first;
    static constexpr int rows = plan.space[2], columns = plan.space[3];
    static constexpr bool in_first_cache = rows * columns * static_cast<int>(sizeof(T)) <= 32 * 1024;

    // A long body calls the elementary functions.
    using mathematics = std::conditional_t<(size > 128), called, accurate>;

    static constexpr instruction at(int i) { return C::plan.code[code.first + i]; }
    static constexpr int written(int k) { return C::plan.written[code.written + k] - code.first; }
    // Read by tiles: contiguous down the rows, strided along the columns.
    static constexpr bool by_tiles(instruction const& x) { return x.transposed() && x.stride[2] == 1 && rows > 1; }
    // Position of a load among those that are read by tiles.
    static constexpr int tile_index(int i) {
        int n = 0;
        for (int k = 0; k < i; ++k) n += by_tiles(at(k)) ? 1 : 0;
        return n;
    }
    static constexpr int tiles = tile_index(size);
    static constexpr bool reads_nothing = [] {
        for (int i = 0; i < size; ++i)
            if (at(i).kind == instruction::load) return false;
        return true;
    }();
    // A load of one number, and one that runs through contiguous memory, over the whole space.
    static constexpr bool stands_still(instruction const& x) {
        for (int k = 0; k < max_rank; ++k)
            if (plan.space[k] > 1 && x.stride[k] != 0) return false;
        return true;
    }
    static constexpr bool contiguous(instruction const& x) {
        int stride = 1;
        for (int k = max_rank - 1; k >= 0; --k) {
            if (plan.space[k] > 1 && x.stride[k] != stride) return false;
            stride *= plan.space[k];
        }
        return true;
    }
    static constexpr bool flat = [] {
        for (int i = 0; i < size; ++i)
            if (instruction const x = at(i); x.kind == instruction::load && !stands_still(x) && !contiguous(x))
                return false;
        return !plan.masked;
    }();

    using sources = T const * [size == 0 ? 1 : size];
    using targets = T * [plan.store_count == 0 ? 1 : plan.store_count];
    // What of a tile is in registers at a time: a group of its rows, or all of them at a ragged edge.
    static constexpr int group_rows = simd::transposed_rows<V>;
    using tile_set = V[tiles == 0 ? 1 : tiles][width];
    using group_set = V[tiles == 0 ? 1 : tiles][group_rows];

    // Addresses of the operands at outer index (i0, i1).
    [[gnu::always_inline]] static void open(frame const& f, index i0, index i1, sources& from, targets& to) {
        unrolled<0, size>([&](auto i) __attribute__((always_inline)) {
            constexpr instruction x = at(i);
            if constexpr (x.kind == instruction::load)
                from[i] = address<C, x.source, T>(f) + x.offset + i0 * x.stride[0] + i1 * x.stride[1];
        });
        unrolled<0, plan.store_count>([&](auto k) __attribute__((always_inline)) {
            constexpr int target = C::plan.stores[plan.first_store + k];
            T* base = nullptr;
            if constexpr (target < 0)
                base = static_cast<T*>(f.outputs[-1 - target]);
            else
                base = address<C, target, T>(f);
            to[k] = base + (i0 * plan.space[1] + i1) * (index(rows) * columns);
        });
    }

    // Plain arrays: in long bodies the calls of std::array's operators take seconds to compile.
    struct values {
        V of[size == 0 ? 1 : size];
    };

    // Computes `n` elements (width, unless Partial) at row i, column j; `distance` is j - i, `r` the row of the tiles.
    template <bool Flat, bool Partial, class Tiles>
    [[gnu::always_inline]] static void compute(values& value, sources const& from, Tiles const& tile, index i, index j,
                                               index distance, int r, int n) {
        unrolled<0, size>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(k);
            if constexpr (x.kind == instruction::load) {
                if constexpr (by_tiles(x))
                    value.of[k] = tile[tile_index(k)][r];
                else {
                    T const* const p = from[k] + (Flat ? 0 : i * x.stride[2]);
                    if constexpr (Flat ? stands_still(x) : x.stride[3] == 0)
                        value.of[k] = simd::splat<V>(*p);
                    else if constexpr (Flat || x.stride[3] == 1)
                        value.of[k] = Partial ? simd::load_partial<V>(p + j, n) : simd::load<V>(p + j);
                    else {
                        T lanes[width];
                        for (int l = 0; l < width; ++l) lanes[l] = !Partial || l < n ? p[(j + l) * x.stride[3]] : T(0);
                        value.of[k] = simd::load<V>(lanes);
                    }
                }
            } else if constexpr (x.kind == instruction::number) {
                value.of[k] = simd::splat<V>(static_cast<T>(x.constant));
            } else if constexpr (x.kind == instruction::diagonal) {
                value.of[k] = simd::keep_only(simd::splat<V>(T(1)), x.bound - distance);
            } else if constexpr (x.kind == instruction::mask) {
                V const v = value.of[x.argument[0] - code.first];
                if constexpr (x.sign > 0)
                    value.of[k] = simd::keep_from(v, x.bound - distance);
                else
                    value.of[k] = simd::keep_before(v, 1 - x.bound - distance);
            } else {
                using Op = typename find_operation<typename C::operations, x.operation->id>::type;
                if constexpr (Op::arity == 1)
                    value.of[k] = Op::template value<mathematics>(value.of[x.argument[0] - code.first]);
                else if constexpr (Op::arity == 2)
                    value.of[k] = Op::template value<mathematics>(value.of[x.argument[0] - code.first],
                                                                  value.of[x.argument[1] - code.first]);
                else
                    value.of[k] = Op::template value<mathematics>(value.of[x.argument[0] - code.first],
                                                                  value.of[x.argument[1] - code.first],
                                                                  value.of[x.argument[2] - code.first]);
            }
        });
    }
    // Computes and stores them.
    template <bool Flat, bool Partial, class Tiles>
    [[gnu::always_inline]] static void elements(sources const& from, targets const& to, Tiles const& tile, index i,
                                                index j, index distance, int r, int n) {
        values value;
        compute<Flat, Partial>(value, from, tile, i, j, distance, r, n);
        unrolled<0, plan.store_count>([&](auto k) __attribute__((always_inline)) {
            T* const p = to[k] + (Flat ? j : i * columns + j);
            if constexpr (Partial)
                simd::store_partial(p, value.of[written(k)], n);
            else
                simd::store(p, value.of[written(k)]);
        });
    }

    // Elements [first, last) of one row, or of everything when Flat; Ragged: their number may not be a multiple of the
    // width. A few vectors are computed side by side, as far as registers last.
    template <bool Flat, bool Ragged>
    [[gnu::always_inline]] static void row(sources const& from, targets const& to, index i, index first, index last) {
        constexpr int together = width == 1 || size > 24 ? 1 : size > 12 ? 2 : 4;
        tile_set none;
        index j = first;
        for (; j + together * width <= last; j += together * width)
            unrolled<0, together>([&](auto u) __attribute__((always_inline)) {
                elements<Flat, false>(from, to, none, i, j + u * width, j + u * width - i, 0, width);
            });
        if constexpr (together > 1)
            for (; j + width <= last; j += width) elements<Flat, false>(from, to, none, i, j, j - i, 0, width);
        if constexpr (Ragged)
            if (j < last) elements<Flat, true>(from, to, none, i, j, j - i, 0, static_cast<int>(last - j));
    }

    // `Across` whole tiles side by side at row i, column j: each row's vectors are computed, and stored, next to each
    // other.
    template <int Across>
    [[gnu::always_inline]] static void tile(sources const& from, targets const& to, index i, index j, index distance) {
        unrolled<0, width / group_rows>([&](auto group) __attribute__((always_inline)) {
            group_set t[Across];
            unrolled<0, Across>([&](auto a) __attribute__((always_inline)) {
                unrolled<0, size>([&](auto k) __attribute__((always_inline)) {
                    constexpr instruction x = at(k);
                    if constexpr (by_tiles(x))
                        simd::load_transposed(t[a][tile_index(k)], from[k] + i + (j + a * width) * x.stride[3],
                                              x.stride[3], group);
                });
            });
            unrolled<0, group_rows>([&](auto r) __attribute__((always_inline)) {
                constexpr int down = group * group_rows + r;
                values value[Across];
                unrolled<0, Across>([&](auto a) __attribute__((always_inline)) {
                    constexpr int right = a * width;
                    compute<false, false>(value[a], from, t[a], i + down, j + right, distance + right - down, r, width);
                });
                unrolled<0, plan.store_count>([&](auto k) __attribute__((always_inline)) {
                    if constexpr (Across > 1) simd::keep_order();
                    unrolled<0, Across>([&](auto a) __attribute__((always_inline)) {
                        simd::store(to[k] + (i + down) * columns + j + a * width, value[a].of[written(k)]);
                    });
                    if constexpr (Across > 1) simd::keep_order();
                });
            });
        });
    }

    // The ragged tile of `height` rows and `n` columns.
    [[gnu::noinline]] static void edge(sources const& from, targets const& to, index i, index j, int height,
                                       int n) noexcept {
        tile_set t;
        unrolled<0, size>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(k);
            if constexpr (by_tiles(x)) {
                V(&rows_of)[width] = t[tile_index(k)];
                for (int c = 0; c < width; ++c)
                    rows_of[c] = c < n ? simd::load_partial<V>(from[k] + i + (j + c) * x.stride[3], height)
                                       : simd::splat<V>(T(0));
                simd::transpose(rows_of);
            }
        });
        for (int r = 0; r < height; ++r) elements<false, true>(from, to, t, i + r, j, j - i - r, r, n);
    }

    // Rows [i, i + height), columns [first, last). `Whole`: height, first and last are multiples of the width.
    template <bool Whole>
    [[gnu::always_inline]] static void band(sources const& from, targets const& to, index i, int height, index first,
                                            index last) {
        if constexpr (tiles > 0) {
            constexpr int across = tiles == 1 ? 2 : 1;  // as far as registers last
            index j = first;
            if constexpr (Whole && across > 1)
                for (; j + across * width <= last; j += across * width)
                    for (int r = 0; r < height; r += width) tile<across>(from, to, i + r, j, j - i - r);
            for (; j < last; j += width) {
                int const n = static_cast<int>(last - j < width ? last - j : width);
                for (int r = 0; r < height; r += width) {
                    int const h = height - r < width ? height - r : width;
                    if (Whole || (h == width && n == width))
                        tile<1>(from, to, i + r, j, j - i - r);
                    else
                        edge(from, to, i + r, j, h, n);
                }
            }
        } else if constexpr (Whole && reads_nothing && in_first_cache) {
            // Numbers alone: two vectors of every row side by side.
            tile_set none;
            index j = first;
            for (; j + 2 * width <= last; j += 2 * width)
                for (int r = 0; r < height; r += width)
                    unrolled<0, 2 * width>([&](auto u) __attribute__((always_inline)) {
                        index const row = i + r + u / 2, column = j + u % 2 * width;
                        elements<false, false>(from, to, none, row, column, column - row, 0, width);
                    });
            if (j < last)
                for (int r = 0; r < height; ++r) elements<false, false>(from, to, none, i + r, j, j - i - r, 0, width);
        } else {
            for (int r = 0; r < height; ++r) row<false, columns % width != 0>(from, to, i + r, first, last);
        }
    }
};

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
    // Masks change on the main diagonal only, and tiles lie on it: one tile a band is masked, and how is known.
    static constexpr bool on_diagonal =
        plan.masked && on::tiles > 0 && whole&& rows == columns&& plan.low >= -1 && plan.high <= 1;
    // Mirrored blocks keep both uses of what is read in the cache.
    static constexpr int block = 64;
    static constexpr bool mirrored = on_diagonal && !in_first_cache && rows % block == 0 && block % (2 * width) == 0;

    typename on::sources from;
    typename under::sources from_under;
    typename over::sources from_over;
    typename on::targets to;

    [[gnu::always_inline]] sweep_matrix(frame const& f, index i0, index i1) {
        on::open(f, i0, i1, from, to);
        if constexpr (plan.masked) {
            under::open(f, i0, i1, from_under, to);
            over::open(f, i0, i1, from_over, to);
        }
    }

    // Rows [i, i + h), columns [first, last).
    template <bool Whole>
    [[gnu::always_inline]] void band(index i, int h, index first, index last) const {
        if constexpr (!plan.masked)
            on::template band<Whole>(from, to, i, h, first, last);
        else {
            masked_band<C, Step, V> const split(i, h);
            index const left = split.end_below < first ? first : split.end_below,
                        right = split.begin_above > last ? last : split.begin_above;
            under::template band<Whole>(from_under, to, i, h, first, left);
            on::template band<Whole>(from, to, i, h, left, right);
            over::template band<Whole>(from_over, to, i, h, right, last);
        }
    }

    // Bands of tiles that meet the diagonal: two where that divides the rows, so that the columns beside it come in
    // pairs of tiles.
    static constexpr int diagonal_tiles = rows % (2 * width) == 0 ? 2 : 1;
    static constexpr int diagonal_rows = diagonal_tiles * width;

    // The rows [r, r + diagonal_rows), columns [first, last), with the tiles on the diagonal.
    [[gnu::always_inline]] void diagonal_band(index r, index first, index last) const {
        under::template band<true>(from_under, to, r, diagonal_rows, first, r);
        on::template tile<1>(from, to, r, r, 0);
        if constexpr (diagonal_tiles == 2) {
            over::template band<true>(from_over, to, r, width, r + width, r + 2 * width);
            under::template band<true>(from_under, to, r + width, width, r, r + width);
            on::template tile<1>(from, to, r + width, r + width, 0);
        }
        over::template band<true>(from_over, to, r, diagonal_rows, r + diagonal_rows, last);
    }

    [[gnu::always_inline]] void run() const {
        if constexpr (on_diagonal && !mirrored) {
            if constexpr (rows <= 4 * width)
                unrolled<0, rows / diagonal_rows>(
                    [&](auto b) __attribute__((always_inline)) { diagonal_band(b * diagonal_rows, 0, rows); });
            else
                for (index r = 0; r < rows; r += diagonal_rows) diagonal_band(r, 0, rows);
        } else if constexpr (mirrored) {
            for (index i = 0; i < rows; i += block) {
                for (index r = i; r < i + block; r += diagonal_rows) diagonal_band(r, i, i + block);
                for (index j = i + block; j < columns; j += block) {
                    for (index r = i; r < i + block; r += height)
                        over::template band<true>(from_over, to, r, height, j, j + block);
                    for (index r = j; r < j + block; r += height)
                        under::template band<true>(from_under, to, r, height, i, i + block);
                }
            }
        } else {
            for (index i = 0; i + height <= rows; i += height)
                band<whole && height % width == 0>(i, height, 0, columns);
            if constexpr (rows % height != 0) band<false>(rows / height * height, rows % height, 0, columns);
        }
    }
};

template <class C, int Step, class V>
[[gnu::always_inline]] inline void sweep_here(frame const& f) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    if constexpr (on::flat) {
        typename on::sources from;
        typename on::targets to;
        on::open(f, 0, 0, from, to);
        constexpr index count = index(plan.space[0]) * plan.space[1] * plan.space[2] * plan.space[3];
        on::template row<true, count % on::width != 0>(from, to, 0, 0, count);
    } else {
        for (index i0 = 0; i0 < plan.space[0]; ++i0)
            for (index i1 = 0; i1 < plan.space[1]; ++i1) sweep_matrix<C, Step, V>(f, i0, i1).run();
    }
}

// A step as a function; where a program has no other step it is inlined instead.
template <class C, int Step, class V>
void sweep(frame const& f) noexcept {
    sweep_here<C, Step, V>(f);
}

}  // namespace paramorph::kernel
