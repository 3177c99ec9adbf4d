// One body of a fused step: its instructions, unrolled by a fold, on vectors, rows and tiles. V is the vector type, an
// xsimd batch or a scalar; values stay in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/graph/loop_shape.hpp"
#include "paramorph/graph/magnitude.hpp"
#include "paramorph/kernel/choice.hpp"
#include "paramorph/kernel/math.hpp"
#include "paramorph/kernel/sums.hpp"
#include "paramorph/kernel/unrolled.hpp"
#include "paramorph/op/add.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// One body of a step: one of its regions, or code that is made of them (kernel/mirror.hpp).
// Settled: reductions that it reads are within the bounds where they stay (op/length.hpp).
template <class C, int Step, int Code, class V, bool Settled = false>
struct sweep_body {
    using vector = V;
    using T = simd::value_t<V>;
    using code = body_code<C, Step, Code>;
    static constexpr int width = simd::width<V>;
    static constexpr step plan = C::plan.steps[Step];
    static constexpr int size = code::size;
    static constexpr int rows = plan.space[2], columns = plan.space[3];
    static constexpr index elements_in_all = index(plan.space[0]) * plan.space[1] * rows * columns;
    static constexpr body_shape shape = shape_of_body(C::simplified, C::plan, plan, code::begin, size, target_of<V>);

    static constexpr instruction at(int i) { return code::at(i); }

    using mathematics = std::conditional_t<shape.outlined, called, accurate>;
    // Those of one argument, and numbers, need less care where it cannot be large.
    static constexpr auto magnitude = magnitudes_of<std::conditional_t<shape.outlined, no_code, code>>();
    static_assert(bounded_argument <= near::largest);
    template <int I>
    using mathematics_of =
        std::conditional_t<shape.mathematics(magnitude.of[shape.outlined ? 0 : at(I).argument[0] - code::first]) ==
                               mathematics_kind::bounded,
                           near, mathematics>;

    static constexpr int written(int k) { return code::written(k); }
    static constexpr int reduced(int k) { return reduced_axes(C::plan, plan, k); }
    // Read by tiles: contiguous down the rows, strided along the columns.
    static constexpr bool by_tiles(instruction const& x) { return !shape.reduces && down_the_rows(plan, x); }
    // Position of a load among those that are read by tiles.
    static constexpr int tile_index(int i) {
        int n = 0;
        for (int k = 0; k < i; ++k) n += by_tiles(at(k)) ? 1 : 0;
        return n;
    }
    static constexpr auto loads = loads_of<code>();
    static constexpr settled_as settled_at(int i) { return kernel::settled_at(code::begin, code::first, rows == 1, i); }
    static constexpr int count_settled_as(settled_as what, int last) {
        int n = 0;
        for (int i = 0; i < last; ++i) n += settled_at(i) == what ? 1 : 0;
        return n;
    }
    static constexpr int scales = count_settled_as(settled_as::without_scale, size);  // that a settled body leaves out
    template <class Sources>
    [[gnu::always_inline]] static bool scales_are_one(Sources const& from, index i) {
        bool are_one = true;
        unrolled<size>([&](auto k) __attribute__((always_inline)) {
            constexpr int scale = at(k).argument[1] - code::first;
            if constexpr (settled_at(k) == settled_as::without_scale)
                are_one = are_one && T(source<scale>(from)[i * at(scale).stride[2]]) == T(1);
        });
        return are_one;
    }
    // Of a settled body of numbers, the magnitudes that have to be in the range.
    static constexpr int measured_count = Settled ? count_settled_as(settled_as::measured, size) : 0;

    // What load K reads: T, but of an argument that is stored in 16 bits or eight.
    static constexpr element stored_at(int k) {
        instruction const x = at(k);
        if (x.kind != instruction::load || x.source < 0) return element_of<T>;
        return C::simplified.values[memory_of(C::simplified, x.source)].type;
    }
    template <int K>
    using stored = stored_in<stored_at(K), T>;
    static constexpr bool converts = [] {
        for (int k = 0; k < loads.count; ++k)
            if (is_stored(stored_at(loads.at[k]))) return true;
        return false;
    }();
    using sources = std::conditional_t<converts, void const*, T const*>[size == 0 ? 1 : size];
    template <int K>
    [[gnu::always_inline]] static stored<K> const* source(sources const& from) {
        return static_cast<stored<K> const*>(from[K]);
    }
    static constexpr int stores = plan.store_count == 0 ? 1 : plan.store_count;
    using targets = store_targets<T, stores>;
    static constexpr auto strides = strides_of_stores<C, Step>();
    static constexpr index stride_of_store(int k, int axis) { return strides.of[k][axis]; }
    // What is combined along the columns: one vector for each of those side by side.
    template <int K>
    using combined_by = typename find_operation<
        typename C::operations,
        C::simplified.producer_of(C::plan.stores[plan.first_store + K].at).operation->id.object>::type;
    static constexpr int axes_of_sum(int k) { return long_axes(C::plan, plan, k); }
    using sums = std::conditional_t<shape.sums_are_long,
                                    long_column_sums<V, shape.reduces ? stores : 1, shape.unroll, shape.levels>,
                                    column_sums<V, shape.reduces ? stores : 1, shape.unroll>>;
    using accumulators = std::conditional_t<measured_count == 0, sums, measuring<sums, V, measured_count>>;
    // Addresses of the operands at outer index (i0, i1).
    [[gnu::always_inline]] static void open(frame const& f, index i0, index i1, sources& from, targets& to) {
        unrolled<loads.count>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(loads.at[k]);
            if constexpr (x.source >= 0)
                from[loads.at[k]] = address<C, x.source, stored<loads.at[k]>>(f) + x.offset +
                                    i0 * (has_one_image<C>(x.source) ? 0 : x.stride[0]) + i1 * x.stride[1];
        });
        unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
            constexpr destination target = C::plan.stores[plan.first_store + k];
            T* base = nullptr;
            if constexpr (target.kind == destination::output)
                base = static_cast<T*>(f.outputs[target.at]);
            else
                base = address<C, target.at, T>(f);
            to.at[k] = base + i0 * (has_one_image<C>(target) ? 0 : stride_of_store(k, 0)) + i1 * stride_of_store(k, 1);
            to.fresh[k] = ((reduced(k) & 1) == 0 || i0 == 0) && ((reduced(k) & 2) == 0 || i1 == 0);
        });
    }

    // Plain arrays: in long bodies the calls of std::array's operators take seconds to compile.
    struct values {
        V of[size == 0 ? 1 : size];
    };
    struct row_numbers : values {};
    template <class S>
    [[gnu::always_inline]] static V number_of_row(row_numbers const& numbers, int k, S const*) {
        return numbers.of[k];
    }
    template <class Tiles, class S>
    [[gnu::always_inline]] static V number_of_row(Tiles const&, int, S const* p) {
        return simd::splat<V>(T(*p));
    }

    template <class Op, int I, int... K>
    [[gnu::always_inline]] static V with_numbers(V v, std::integer_sequence<int, K...>) {
        static_assert(
            ((at(at(I).argument[1 + K] - code::first).kind == instruction::number) && ...),
            "elementwise_with_numbers: a derivative or rewrite rule gives it a tensor where it takes a number");
        return Op::template value<mathematics_of<I>>(v, at(at(I).argument[1 + K] - code::first).constant...);
    }

    template <class Op, int I, int... K>
    [[gnu::always_inline]] static V with_arguments(values const& value, std::integer_sequence<int, K...>) {
        return Op::template value<mathematics>(value.of[at(I).argument[K] - code::first]...);
    }

    // Computes `n` elements (width, unless Partial) at row i, column j; `distance` is j - i, `r` the row of the
    // tile.
    template <bool Flat, bool Partial, class Tiles>
    [[gnu::always_inline]] static void compute(values& value, sources const& from, Tiles const& tile, index i, index j,
                                               index distance, int r, int n) {
        unrolled<size>([&](auto k) __attribute__((always_inline)) {
            constexpr instruction x = at(k);
            if constexpr (x.kind == instruction::load) {
                if constexpr (by_tiles(x))
                    value.of[k] = tile[tile_index(k)][r % (std::extent_v<Tiles, 1> > 0 ? std::extent_v<Tiles, 1> : 1)];
                else if constexpr (x.source < 0)
                    value.of[k] = simd::load<V>(source<k>(from) + r * width);
                else {
                    auto const* const p = source<k>(from) + (Flat ? 0 : i * x.stride[2]);
                    if constexpr (keeps_still<Flat>(x))
                        value.of[k] = number_of_row(tile, k, p);
                    else if constexpr (Flat || x.stride[3] == 1)
                        value.of[k] = Partial ? simd::load_partial<V>(p + j, n) : simd::load<V>(p + j);
                    else {
                        T lanes[width];
                        for (int l = 0; l < width; ++l)
                            lanes[l] = !Partial || l < n ? T(p[(j + l) * x.stride[3]]) : T(0);
                        value.of[k] = simd::load<V>(lanes);
                    }
                }
            } else if constexpr (x.kind == instruction::number) {
                value.of[k] = simd::splat<V>(static_cast<T>(x.constant));
            } else if constexpr (x.kind == instruction::diagonal) {
                value.of[k] = simd::keep_only(simd::splat<V>(T(1)), x.bound - distance);
            } else if constexpr (x.kind == instruction::mask) {
                V const v = value.of[x.argument[0] - code::first];
                if constexpr (x.sign > 0)
                    value.of[k] = simd::keep_from(v, x.bound - distance);
                else
                    value.of[k] = simd::keep_before(v, 1 - x.bound - distance);
            } else {
                using Op = typename find_operation<typename C::operations, x.operation->id.object>::type;
                if constexpr (constexpr int other =
                                  std::is_same_v<Op, op::add> ? complement(code::begin, code::first, x) : -1;
                              other >= 0) {
                    constexpr instruction upper = at(x.argument[1 - other] - code::first),
                                          lower = at(x.argument[other] - code::first);
                    value.of[k] = simd::choose_from(value.of[lower.argument[0] - code::first],
                                                    value.of[upper.argument[0] - code::first], upper.bound - distance);
                } else if constexpr (Op::numbers > 0) {
                    value.of[k] = with_numbers<Op, k>(value.of[x.argument[0] - code::first],
                                                      std::make_integer_sequence<int, Op::numbers>{});
                } else if constexpr (Settled && settled_at(k) == settled_as::function)
                    value.of[k] = Op::template value_of_settled<mathematics>(value.of[x.argument[0] - code::first]);
                else if constexpr (Settled && settled_at(k) != settled_as::itself)
                    value.of[k] = Op::template value_of_settled<mathematics>(value.of[x.argument[0] - code::first],
                                                                             value.of[x.argument[1] - code::first]);
                else if constexpr (choice_at<code>(k) > choice::plain)
                    value.of[k] = chosen<C, code, k, mathematics>(value.of);
                else if constexpr (Op::arity == 1)
                    value.of[k] = Op::template value<mathematics_of<k>>(value.of[x.argument[0] - code::first]);
                else if constexpr (Op::arity == 2)
                    value.of[k] = Op::template value<mathematics>(value.of[x.argument[0] - code::first],
                                                                  value.of[x.argument[1] - code::first]);
                else
                    value.of[k] = with_arguments<Op, k>(value, std::make_integer_sequence<int, Op::arity>{});
            }
        });
    }
    template <class Op>
    [[gnu::always_inline]] static V entered(V v) {
        if constexpr (requires { Op::template enter<mathematics>(v); })
            return Op::template enter<mathematics>(v);
        else
            return v;
    }
    // Computes and stores them, or combines them with what the stores that reduce have so far: `sums[.][u]`, or memory.
    template <bool Flat, bool Partial, bool Called = false, class Targets, class Sums, class Tiles>
    [[gnu::always_inline]] static void elements(sources const& from, Targets const& to, Sums& sums, int u,
                                                Tiles const& tile, index i, index j, index distance, int r, int n) {
        if constexpr (shape.outlined && !Called)
            elements_called<Flat, Partial>(from, to, sums, u, tile, i, j, distance, r, n);
        else {
            values value;
            compute<Flat, Partial>(value, from, tile, i, j, distance, r, n);
            if constexpr (measured_count > 0)
                unrolled<size>([&](auto k) __attribute__((always_inline)) {
                    if constexpr (settled_at(k) == settled_as::measured) {
                        using Op = typename find_operation<typename C::operations, at(k).operation->id.object>::type;
                        sums.measured[count_settled_as(settled_as::measured, k)] =
                            simd::abs(Op::template measured<mathematics>(value.of[at(k).argument[0] - code::first],
                                                                         value.of[at(k).argument[1] - code::first]));
                    }
                });
            unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
                V v = value.of[written(k)];
                if constexpr ((reduced(k) & 8) != 0) {
                    using op = combined_by<k>;
                    if constexpr (Partial) v = simd::choose_from(v, simd::splat<V>(static_cast<T>(op::start)), n);
                    if constexpr (Sums::fresh)
                        sums.of[k][u] = entered<op>(v);
                    else if constexpr (requires { op::template accumulate<mathematics>(v, v); })
                        sums.of[k][u] = op::template accumulate<mathematics>(sums.of[k][u], v);
                    else
                        sums.of[k][u] = op::template combine<mathematics>(sums.of[k][u], entered<op>(v));
                } else {
                    constexpr index stride = stride_of_store(k, 2);
                    constexpr bool in_strip = Targets::in_strips && reduced(k) != 0;
                    T* const p = to.at[k] + (in_strip ? j - to.column : Flat ? j : i * stride + j);
                    if constexpr (reduced(k) != 0) v = entered<combined_by<k>>(v);
                    if constexpr (reduced(k) != 0)
                        if (!to.fresh[k] || (!in_strip && (reduced(k) & 4) != 0 && i != 0))
                            v = combined_by<k>::template combine<mathematics>(
                                Partial ? simd::load_partial<V>(p, n) : simd::load<V>(p), v);
                    if constexpr (Partial)
                        simd::store_partial(p, v, n);
                    else
                        simd::store(p, v);
                }
            });
        }
    }
    template <bool Flat, bool Partial, class Targets, class Sums, class Tiles>
    [[gnu::noinline]] static void elements_called(sources const& from, Targets const& to, Sums& sums, int u,
                                                  Tiles const& tile, index i, index j, index distance, int r, int n) {
        elements<Flat, Partial, true>(from, to, sums, u, tile, i, j, distance, r, n);
    }

    // What is one number for a whole row is read once, before the row is written: the compiler cannot know that the row
    // does not overlap it.
    template <bool Flat>
    static constexpr bool keeps_still(instruction const& x) {
        return Flat ? stands_still(plan, x) : x.stride[3] == 0;
    }
    template <bool Flat>
    [[gnu::always_inline]] static row_numbers numbers_of_row(sources const& from, index i) {
        row_numbers numbers;
        unrolled<loads.count>([&](auto l) __attribute__((always_inline)) {
            constexpr int k = loads.at[l];
            constexpr instruction x = at(k);
            if constexpr (keeps_still<Flat>(x))
                numbers.of[k] = simd::splat<V>(T(source<k>(from)[Flat ? 0 : i * x.stride[2]]));
        });
        return numbers;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
