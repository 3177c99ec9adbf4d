// The fused loop: one pass over memory for all nodes of a scheduled step. The step's instructions are unrolled by a fold, their values
// stay in registers; V is the vector type, an xsimd batch or a scalar. Three shapes of loop:
//   flat   every operand is contiguous or one number: a single loop over all elements
//   rows   operands are read along the innermost axis
//   tiles  some operand is read transposed: square tiles, transposed in registers, in bands of two tiles so that whole cache lines are used
// A masked step runs its three bodies on the columns below, on and above the masked diagonals of each band.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <utility>

#include "paramorph/compat/simd.hpp"
#include "paramorph/kernel/compiled.hpp"
#include "paramorph/kernel/math.hpp"

namespace paramorph::kernel {

using index = std::ptrdiff_t;

// Calls f with First, ..., Last - 1 as constants, all inlined; in halves, because clang takes at most 256 operands in a fold.
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
    // All operands contiguous over the whole space, or constant.
    static constexpr bool flat = [] {
        if (plan.masked) return false;
        for (int i = 0; i < size; ++i) {
            instruction const x = at(i);
            if (x.kind != instruction::load) continue;
            bool whole = true, still = true;
            int stride = 1;
            for (int k = max_rank - 1; k >= 0; --k) {
                if (plan.space[k] > 1) {
                    whole = whole && x.stride[k] == stride;
                    still = still && x.stride[k] == 0;
                }
                stride *= plan.space[k];
            }
            if (!whole && !still) return false;
        }
        return true;
    }();

    using sources = std::array<T const*, size == 0 ? 1 : size>;
    using targets = std::array<T*, plan.store_count == 0 ? 1 : plan.store_count>;
    using tile_set = V[tiles == 0 ? 1 : tiles][width];

    // Addresses of the operands at outer index (i0, i1).
    [[gnu::always_inline]] static void open(frame const& f, index i0, index i1, sources& from, targets& to) {
        unrolled<0, size>([&](auto i) __attribute__((always_inline)) {
            constexpr instruction x = at(i);
            if constexpr (x.kind == instruction::load) from[i] = address<C, x.source, T>(f) + x.offset + i0 * x.stride[0] + i1 * x.stride[1];
        });
        unrolled<0, plan.store_count>([&](auto k) __attribute__((always_inline)) {
            constexpr int target = C::plan.stores[plan.first_store + k];
            T* base = nullptr;
            if constexpr (target < 0) base = static_cast<T*>(f.outputs[-1 - target]);
            else base = address<C, target, T>(f);
            to[k] = base + (i0 * plan.space[1] + i1) * (index(rows) * columns);
        });
    }

    // Computes `n` elements (width, unless Partial) at row i, column j; row `r` of the tiles.
    template <bool Flat, bool Partial>
    [[gnu::always_inline]] static void elements(sources const& from, targets const& to, tile_set const& tile, index i, index j, int r, int n) {
        V value[size == 0 ? 1 : size];
        unrolled<0, size>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(k);
            if constexpr (x.kind == instruction::load) {
                if constexpr (by_tiles(x)) value[k] = tile[tile_index(k)][r];
                else {
                    T const* const p = from[k] + (Flat ? 0 : i * x.stride[2]);
                    if constexpr (x.stride[3] == 0) value[k] = simd::splat<V>(*p);
                    else if constexpr (x.stride[3] == 1) value[k] = Partial ? simd::load_partial<V>(p + j, n) : simd::load<V>(p + j);
                    else {
                        T lanes[width];
                        for (int l = 0; l < width; ++l) lanes[l] = !Partial || l < n ? p[(j + l) * x.stride[3]] : T(0);
                        value[k] = simd::load<V>(lanes);
                    }
                }
            } else if constexpr (x.kind == instruction::number) {
                value[k] = simd::splat<V>(static_cast<T>(x.constant));
            } else if constexpr (x.kind == instruction::mask || x.kind == instruction::diagonal) {
                V const distance = simd::iota<V>() + simd::splat<V>(static_cast<T>(j - i));
                V const zero = simd::splat<V>(T(0));
                if constexpr (x.kind == instruction::diagonal)
                    value[k] = simd::select(distance == simd::splat<V>(T(x.bound)), simd::splat<V>(T(1)), zero);
                else if constexpr (x.sign > 0) value[k] = simd::select(distance >= simd::splat<V>(T(x.bound)), value[x.argument[0] - code.first], zero);
                else value[k] = simd::select(distance <= simd::splat<V>(T(-x.bound)), value[x.argument[0] - code.first], zero);
            } else {
                using Op = typename find_operation<typename C::operations, x.operation->id>::type;
                if constexpr (Op::arity == 1) value[k] = Op::template value<accurate>(value[x.argument[0] - code.first]);
                else if constexpr (Op::arity == 2)
                    value[k] = Op::template value<accurate>(value[x.argument[0] - code.first], value[x.argument[1] - code.first]);
                else
                    value[k] = Op::template value<accurate>(value[x.argument[0] - code.first], value[x.argument[1] - code.first],
                                                            value[x.argument[2] - code.first]);
            }
        });
        unrolled<0, plan.store_count>([&](auto k) __attribute__((always_inline)) {
            T* const p = to[k] + (Flat ? j : i * columns + j);
            if constexpr (Partial) simd::store_partial(p, value[written(k)], n);
            else simd::store(p, value[written(k)]);
        });
    }

    // Elements [first, last) of one row, or of everything when Flat.
    template <bool Flat>
    [[gnu::always_inline]] static void row(sources const& from, targets const& to, index i, index first, index last) {
        tile_set none;
        index j = first;
        for (; j + width <= last; j += width) elements<Flat, false>(from, to, none, i, j, 0, width);
        if constexpr (width > 1)
            if (j < last) elements<Flat, true>(from, to, none, i, j, 0, static_cast<int>(last - j));
    }

    // The tile of `height` rows from i and `n` columns from j.
    template <bool Partial>
    [[gnu::always_inline]] static void tile(sources const& from, targets const& to, index i, index j, int height, int n) {
        tile_set t;
        unrolled<0, size>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(k);
            if constexpr (by_tiles(x)) {
                constexpr int slot = tile_index(k);
                T const* const p = from[k] + i + j * x.stride[3];
                unrolled<0, width>([&](auto c) __attribute__((always_inline)) {
                    if constexpr (Partial) t[slot][c] = c < n ? simd::load_partial<V>(p + c * x.stride[3], height) : simd::splat<V>(T(0));
                    else t[slot][c] = simd::load<V>(p + c * x.stride[3]);
                });
                simd::transpose(t[slot]);
            }
        });
        if constexpr (Partial)
            for (int r = 0; r < height; ++r) elements<false, true>(from, to, t, i + r, j, r, n);
        else
            unrolled<0, width>([&](auto r) __attribute__((always_inline)) { elements<false, false>(from, to, t, i + r, j, r, width); });
    }

    // Rows [i, i + height), columns [first, last).
    [[gnu::always_inline]] static void band(frame const& f, index i0, index i1, index i, int height, index first, index last) {
        if (first >= last) return;
        sources from;
        targets to;
        open(f, i0, i1, from, to);
        if constexpr (tiles == 0) {
            for (int r = 0; r < height; ++r) row<false>(from, to, i + r, first, last);
        } else {
            for (index j = first; j < last; j += width) {
                int const n = static_cast<int>(last - j < width ? last - j : width);
                for (int r = 0; r < height; r += width) {
                    int const h = height - r < width ? height - r : width;
                    if (h == width && n == width) tile<false>(from, to, i + r, j, h, n);
                    else tile<true>(from, to, i + r, j, h, n);
                }
            }
        }
    }
};

template <class C, int Step, class V>
void sweep(frame const& f) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    if constexpr (on::flat) {
        typename on::sources from;
        typename on::targets to;
        on::open(f, 0, 0, from, to);
        on::template row<true>(from, to, 0, 0, index(plan.space[0]) * plan.space[1] * plan.space[2] * plan.space[3]);
    } else {
        constexpr int width = simd::width<V>, rows = plan.space[2], columns = plan.space[3];
        constexpr int band = on::tiles == 0 ? 1 : 2 * width;
        for (index i0 = 0; i0 < plan.space[0]; ++i0)
            for (index i1 = 0; i1 < plan.space[1]; ++i1)
                for (index i = 0; i < rows; i += band) {
                    int const height = static_cast<int>(rows - i < band ? rows - i : band);
                    if constexpr (!plan.masked) on::band(f, i0, i1, i, height, 0, columns);
                    else {
                        index const limit = columns;
                        index end_below = i + plan.low + 1, begin_above = i + height - 1 + plan.high;
                        end_below = end_below <= 0 ? 0 : end_below >= limit ? limit : end_below / width * width;
                        begin_above = begin_above <= 0 ? 0 : (begin_above + width - 1) / width * width;
                        begin_above = begin_above > limit ? limit : begin_above;
                        sweep_body<C, Step, below, V>::band(f, i0, i1, i, height, 0, end_below);
                        on::band(f, i0, i1, i, height, end_below, begin_above);
                        sweep_body<C, Step, above, V>::band(f, i0, i1, i, height, begin_above, limit);
                    }
                }
    }
}

}  // namespace paramorph::kernel
