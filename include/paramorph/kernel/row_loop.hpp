// Rows: a body of a fused step along the innermost axis, and its reductions, whose sums stay in registers: of one row
// at a time, or of as many short rows as a vector has lanes.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/body.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Of a few numbers side by side: neighbours are combined, then their results.
template <int First, int Last, class V, class Combine>
[[gnu::always_inline]] inline V combined(V const* of, Combine const& combine) {
    if constexpr (Last - First == 1)
        return of[First];
    else
        return combine(combined<First, First + (Last - First) / 2>(of, combine),
                       combined<First + (Last - First) / 2, Last>(of, combine));
}

// A reduction whose result may have to be computed again, in another way (op/length.hpp).
template <class Op>
inline constexpr bool settles = requires { Op::is_settled(1.0); };

template <class Body>
struct by_rows {
    using V = typename Body::vector;
    using T = simd::value_t<V>;
    using sources = typename Body::sources;
    using targets = typename Body::targets;
    using accumulators = typename Body::accumulators;
    using mathematics = typename Body::mathematics;
    static constexpr step plan = Body::plan;
    static constexpr int width = Body::width, columns = Body::columns, unroll = Body::shape.unroll;
    template <int K>
    using combined_by = typename Body::template combined_by<K>;

    // The stores that reduce columns: those complete after each row, and those complete only after all of them.
    struct each_row {
        static constexpr bool holds(int k) { return (Body::reduced(k) & 12) == 8; }
    };
    struct all_rows {
        static constexpr bool holds(int k) { return (Body::reduced(k) & 12) == 12; }
    };
    template <class Which>
    static constexpr unrolled_where<Which, plan.store_count> for_sums{};
    template <class Which>
    [[gnu::always_inline]] static void begin(accumulators& sums) {
        for_sums<Which>([&](auto k) __attribute__((always_inline)) {
            set_all(sums.of[k], simd::splat<V>(static_cast<T>(combined_by<k>::start)));
            if constexpr (Body::shape.sums_are_long) sums.blocks[k].begin();
        });
    }
    // What the accumulators hold becomes a block of each sum.
    [[gnu::noinline]] static void end_block(accumulators& sums) {
        unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
            if constexpr ((Body::reduced(k) & 8) != 0) {
                using op = combined_by<k>;
                auto const combine = [](V a, V b) __attribute__((always_inline)) {
                    return op::template combine<mathematics>(a, b);
                };
                sums.blocks[k].add(combined<0, unroll>(sums.of[k], combine), combine);
                set_all(sums.of[k], simd::splat<V>(static_cast<T>(combined_by<k>::start)));
            }
        });
        sums.chain = 0;
    }
    // The stores whose results may have to be computed again: those that are complete after each row, and the others.
    struct settled_each_row {
        static constexpr bool holds(int k) {
            return each_row::holds(k) && (Body::axes_of_sum(k) & 7) == 0 && !Body::shape.flat;
        }
    };
    struct settled_after_all {
        static constexpr bool holds(int k) { return Body::reduced(k) != 0 && !settled_each_row::holds(k); }
    };
    template <class Which, int K>
    static constexpr bool settles_store() {
        if constexpr (Which::holds(K))
            return settles<combined_by<K>>;
        else
            return false;
    }
    template <class Which>
    static constexpr bool any_settles = []<int... K>(std::integer_sequence<int, K...>) {
        return (settles_store<Which, K>() || ...);
    }(std::make_integer_sequence<int, plan.store_count>{});
    // Element 0 of what store K combines, at row i and column j of the sources' plane.
    template <int K>
    static T element(sources const& from, index i, index j) noexcept {
        typename Body::values value;
        Body::template compute<false, true>(value, from, Body::template numbers_of_row<false>(from, i), i, j, j - i, 0,
                                            1);
        T lanes[width];
        simd::store(lanes, value.of[Body::written(K)]);
        return lanes[0];
    }
    // Is what store K combines along row i zero: all of it, or of a product an element?
    template <int K>
    static bool is_zero(sources const& from, index i) noexcept {
        typename Body::row_numbers const numbers = Body::template numbers_of_row<false>(from, i);
        if constexpr (requires { combined_by<K>::absorbs_zero; }) {
            index j = 0;
            while (j < columns && element<K>(from, i, j) != 0) ++j;
            return j < columns;
        }
        V largest = simd::splat<V>(T(0));
        typename Body::values value;
        index j = 0;
        for (; j + width <= columns; j += width) {
            Body::template compute<false, false>(value, from, numbers, i, j, j - i, 0, width);
            largest = simd::max(largest, simd::abs(value.of[Body::written(K)]));
        }
        if constexpr (columns % width != 0) {
            constexpr int rest = columns % width;
            Body::template compute<false, true>(value, from, numbers, i, j, j - i, 0, rest);
            V const x = simd::choose_from(value.of[Body::written(K)], simd::splat<V>(T(0)), rest);
            largest = simd::max(largest, simd::abs(x));
        }
        return !simd::any(largest != simd::splat<V>(T(0)));
    }
    // Computes the results of these rows again where that is needed.
    [[gnu::noinline, gnu::cold]] static void settle_rows(frame const& f, index i0, index i1, index first,
                                                         index last) noexcept {
        sources from;
        targets to;
        Body::open(f, i0, i1, from, to);
        for_sums<settled_each_row>([&](auto k) {
            if constexpr (settles<combined_by<k>>)
                for (index i = first; i < last; ++i) {
                    T* const p = to.at[k] + i * Body::stride_of_store(k, 2);
                    if (!combined_by<k>::is_settled(*p) && !(*p == 0 && is_zero<k>(from, i)))
                        *p = combined_by<k>::template settle<mathematics, T>([&](auto const& f) {
                            for (index j = 0; j < columns; ++j) f(element<k>(from, i, j));
                        });
                }
        });
        simd::keep_stores();
    }
    // Is that needed in row i?
    [[gnu::always_inline]] static bool is_settled(targets const& to, index i) {
        bool settled = true;
        for_sums<settled_each_row>([&](auto k) __attribute__((always_inline)) {
            if constexpr (settles<combined_by<k>>)
                settled = settled && combined_by<k>::is_settled(to.at[k][i * Body::stride_of_store(k, 2)]);
        });
        return settled;
    }

    // Writes what was combined since `begin`, at row i, where it is `fresh` as the first of it.
    template <class Which>
    [[gnu::always_inline]] static void finish(accumulators const& sums, targets const& to, index i, bool fresh = true) {
        for_sums<Which>([&](auto k) __attribute__((always_inline)) {
            using op = combined_by<k>;
            auto const combine = [](auto a, auto b)
                                     __attribute__((always_inline)) { return op::template combine<mathematics>(a, b); };
            V v = sums.of[k][0];
            [&]<int... U>(std::integer_sequence<int, U...>) __attribute__((always_inline)) {
                ((v = combine(v, sums.of[k][U + 1])), ...);
            }(std::make_integer_sequence<int, unroll - 1>{});
            if constexpr (Body::shape.sums_are_long) v = sums.blocks[k].with(v, combine);
            T const total = simd::reduce(v, combine);
            T* const p = to.at[k] + i * Body::stride_of_store(k, 2);
            *p = to.fresh[k] && fresh ? total : combine(*p, total);
        });
    }

    // Elements [first, last) of one row, or of all when Flat; Ragged: their number may be no multiple of the width.
    template <bool Flat, bool Ragged, class Targets>
    [[gnu::always_inline]] static void row(sources const& from, Targets const& to, accumulators& sums, index i,
                                           index first, index last) {
        typename Body::row_numbers const numbers = Body::template numbers_of_row<Flat>(from, i);
        using in_registers = column_sums<V, Body::shape.reduces ? Body::stores : 1, unroll>;
        constexpr index stride = unroll * width;
        index j = first;
        // Where end_block sees the sums, clang keeps them in memory; so they are added to in a copy that it does not
        // see.
        if constexpr (Body::shape.sums_are_long) {
            if (sums.chain >= longest_block) end_block(sums);
            index count = (last - j) / stride;
            while (sums.chain + count >= longest_block) {
                index const end = j + (longest_block - sums.chain) * stride;
                count -= longest_block - sums.chain;
                in_registers here = sums;
                for (; j < end; j += stride) side_by_side<Flat>(from, to, here, numbers, i, j);
                static_cast<in_registers&>(sums) = here;
                end_block(sums);
            }
            sums.chain += count + unroll;
        }
        std::conditional_t<Body::shape.sums_are_long, in_registers, accumulators&> here = sums;
        for (; j + stride <= last; j += stride) {
            side_by_side<Flat>(from, to, here, numbers, i, j);
            // clang would call memset for a short run of zeros beside a mask.
            if constexpr (!Flat && Body::loads.count == 0) simd::keep_order();
        }
        if constexpr (unroll > 1)
            for (; j + width <= last; j += width)
                Body::template elements<Flat, false>(from, to, here, 0, numbers, i, j, j - i, 0, width);
        if constexpr (Ragged)
            if (j < last)
                Body::template elements<Flat, true>(from, to, here, 0, numbers, i, j, j - i, 0,
                                                    static_cast<int>(last - j));
        if constexpr (Body::shape.sums_are_long) static_cast<in_registers&>(sums) = here;
    }
    // As many vectors as are computed side by side, from column j.
    template <bool Flat, class Targets, class Sums>
    [[gnu::always_inline]] static void side_by_side(sources const& from, Targets const& to, Sums& sums,
                                                    typename Body::row_numbers const& numbers, index i, index j) {
        if constexpr (unroll == 1)
            Body::template elements<Flat, false>(from, to, sums, 0, numbers, i, j, j - i, 0, width);
        else
            [&]<int... U>(std::integer_sequence<int, U...>) __attribute__((always_inline)) {
                (Body::template elements<Flat, false>(from, to, sums, U, numbers, i, j + U * width, j + U * width - i,
                                                      0, width),
                 ...);
            }(std::make_integer_sequence<int, unroll>{});
    }
    template <bool Ragged, class Targets>
    [[gnu::always_inline]] static void row(sources const& from, Targets const& to, index i, index first, index last) {
        accumulators none;
        row<false, Ragged>(from, to, none, i, first, last);
    }

    // The sums of `reduce` that have to be in the range where they stay.
    struct settled_sums {
        int count = 0, store[Body::stores]{}, position[Body::stores]{};
    };
    static constexpr settled_sums settled = []<int... K>(std::integer_sequence<int, K...>) {
        settled_sums s;
        ((settles_store<settled_each_row, K>() ? void(s.store[s.position[K] = s.count++] = K) : void()), ...);
        return s;
    }(std::make_integer_sequence<int, plan.store_count>{});
    struct reduced_rows {
        V of[settled.count == 0 ? 1 : settled.count];
    };

    // Rows [i, i + width), one in each lane at the end (`row_in_each_lane`); settle_rows where one is out of range.
    [[nodiscard, gnu::always_inline]] static reduced_rows reduce(sources const& from, targets const& to, index i) {
        constexpr int in_registers = Body::shape.sums_of_rows == 1   ? width
                                     : Body::shape.sums_of_rows == 2 ? width / 2
                                                                     : 1;
        V sums[Body::stores][width];
        unrolled<width / in_registers>([&](auto pass) __attribute__((always_inline)) {
            constexpr int top = pass * in_registers;
            fresh_sums<V, Body::stores, in_registers> row;
            V none[1][1];
            constexpr std::make_integer_sequence<int, in_registers> each;
            auto const add = [&]<bool Partial, class Sums, int... R>(
                                 std::bool_constant<Partial>, Sums& sums_of_rows, index j,
                                 std::integer_sequence<int, R...>) __attribute__((always_inline)) {
                (Body::template elements<false, Partial>(from, to, sums_of_rows, R, none, i + top + R, j,
                                                         j - i - top - R, 0, Partial ? columns % width : width),
                 ...);
            };
            column_sums<V, Body::stores, in_registers>& rest = row;
            index j = 0;
            if constexpr (columns >= width) {
                add(std::false_type{}, row, j, each);
                for (j = width; j + width <= columns; j += width) add(std::false_type{}, rest, j, each);
                if constexpr (columns % width != 0) add(std::true_type{}, rest, j, each);
            } else
                add(std::true_type{}, row, j, each);
            for_sums<each_row>([&](auto k) __attribute__((always_inline)) {
                [&]<int... R>(std::integer_sequence<int, R...>)
                    __attribute__((always_inline)) { ((sums[k][top + R] = row.of[k][R]), ...); }(each);
            });
        });
        reduced_rows result;
        for_sums<each_row>([&](auto k) __attribute__((always_inline)) {
            using op = combined_by<k>;
            auto const combine = [](V a, V b)
                                     __attribute__((always_inline)) { return op::template combine<mathematics>(a, b); };
            V v = simd::combine_rows(sums[k], combine);
            T* const p = to.at[k] + i;
            if (!to.fresh[k]) v = combine(simd::load<V>(p), v);
            simd::store(p, v);
            if constexpr (settles_store<settled_each_row, k>()) result.of[settled.position[k]] = v;
        });
        return result;
    }
    // Do these rows need settle_rows, or is a magnitude of those that were measured beside them out of that range?
    template <class... Measured>
    [[gnu::always_inline]] static bool any_outside(reduced_rows const& rows, Measured... measured) {
        using op = combined_by<settled.store[0]>;
        return [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
            return simd::any_outside(op::template low<T>, op::template high<T>, rows.of[K]..., measured...);
        }(std::make_integer_sequence<int, settled.count>{});
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
