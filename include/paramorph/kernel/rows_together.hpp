// Rows together: the steps of a group (graph/row_groups.hpp) block of rows by block of rows.
//
// Sums of squares are within the bounds where they stay (op/length.hpp), as a rule. Where a vector of them is computed
// at a time, what is made of them is computed for this case only; at the first sum that is not, the rows that are left
// run in a function of their own that is ready for every sum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/sweep.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// One of the steps that run together, rows [first, last) of it. Number is the vector type of what is computed of one
// number for each row. Settled: the reductions that this reads are.
template <class C, int Step, class V, class Number>
struct rows_of_step {
    static constexpr bool of_numbers = C::plan.steps[Step].space[2] == 1;
    using vector = std::conditional_t<of_numbers, Number, V>;
    using body = sweep_body<C, Step, middle, vector>;
    total_sums<C, Step, vector> sums;
    static constexpr bool ends_later = decltype(sums)::needed || settle_step<C, Step, vector>::needed;

    [[gnu::always_inline]] void finish(frame const& f) const {
        sums.finish(f);
        settle_step<C, Step, vector>::run(f);
    }

    template <bool Settled>
    using settled_sums = typename sweep_body<C, Step, middle, vector, Settled>::accumulators;
    // Of one number for each row, or of elements, whose last step it is: all that they read is settled.
    [[gnu::always_inline]] void run_settled(frame const& f, index first, index last, settled_sums<true>& settled) {
        if constexpr (of_numbers)
            sweep_flat<C, Step, Number, true>(f, first, last, settled);
        else
            sweep_matrix<C, Step, V, true>(f, 0, 0).run_rows(first, last);
    }

    [[gnu::always_inline]] void run(frame const& f, index first, index last) {
        constexpr index columns = C::plan.steps[Step].space[3];
        if constexpr (of_numbers)
            sweep_flat<C, Step, Number>(f, first, last, sums.of);
        else if constexpr (sweep_body<C, Step, middle, V>::shape.flat)
            sweep_flat<C, Step, V>(f, first * columns, last * columns, sums.of);
        else if constexpr (decltype(sums)::needed)
            sweep_matrix<C, Step, V>(f, 0, 0).run_rows(first, last, sums.of);
        else
            sweep_matrix<C, Step, V>(f, 0, 0).run_rows(first, last);
    }
};

// Where the rows from i on end that are taken together, Together of Rows. That none of these groups is shorter is known
// while compiling where they divide the rows: then no loop for a rest of them is made.
template <index Rows, index Together>
[[gnu::always_inline]] inline constexpr index end_of_rows(index i) noexcept {
    return Rows % Together == 0 || Rows - i >= Together ? i + Together : Rows;
}

// The addresses that a frame names, by value: before a call that is rare they are not written to memory.
template <class C>
struct frame_of_addresses {
    static constexpr int leaves = [] {
        int n = 0;
        while (n < C::simplified.size && C::simplified.nodes[n].operation->kind == category::leaf) ++n;
        return n;
    }();
    static constexpr int argument_count = [] {
        int n = 1;
        for (int k = 0; k < leaves; ++k)
            n = C::simplified.nodes[k].attribute.v[0] < n ? n : C::simplified.nodes[k].attribute.v[0] + 1;
        return n;
    }();
    static constexpr int output_count = C::simplified.output_count;
    void const* arguments[argument_count];
    void* outputs[output_count];
    std::byte* workspace;

    [[gnu::always_inline]] explicit frame_of_addresses(frame const& f) : workspace(f.workspace) {
        unrolled<leaves>([&](auto k) __attribute__((always_inline)) {
            constexpr int at = C::simplified.nodes[k].attribute.v[0];
            arguments[at] = f.arguments[at];
        });
        unrolled<output_count>([&](auto k) __attribute__((always_inline)) { outputs[k] = f.outputs[k]; });
    }
};

// The steps that run together with step First. What is computed of one number for each row takes them in the units in
// which they were written: a vector loaded from several stores waits for the cache. Where that are vectors, it follows
// the sums of those rows at once: its roots and quotients take their time while the next rows are summed.
template <class C, int First, class V>
struct rows_together {
    static constexpr row_group group = C::rows.of[First];
    static constexpr int count = group.last - First + 1;
    static constexpr index rows = C::plan.steps[First].space[2];
    template <class F>
    static constexpr bool any_step(F const& holds) {
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return (holds(std::integral_constant<int, First + K>{}) || ...);
        }(std::make_integer_sequence<int, count>{});
    }
    template <class F>
    static constexpr bool all_steps(F const& holds) {
        return !any_step([&](auto s) { return !holds(s); });
    }
    static constexpr bool by_vectors = rows_in_lanes(C::simplified, C::plan, group, target_of<V>);
    using number = std::conditional_t<by_vectors, V, simd::value_t<V>>;
    static constexpr index unit = by_vectors ? simd::width<V> : group.block;
    template <int Step>
    using step_of = rows_of_step<C, Step, V, number>;
    using first_step = by_rows<sweep_body<C, First, middle, V>>;

    // Is the value that argument A of instruction I of this body loads written by a store of step Maker for which
    // `fits(K)` holds?
    template <class Body, int I, int A, int Maker, class Fits>
    static constexpr bool loads_what(Fits const& fits) {
        constexpr instruction x = Body::at(Body::at(I).argument[A] - Body::code::first);
        if constexpr (x.kind != instruction::load || x.source < 0)
            return false;
        else
            return [&]<int... K>(std::integer_sequence<int, K...>) {
                return ((C::plan.stores[C::plan.steps[Maker].first_store + K].stored() ==
                             memory_of(C::simplified, x.source) &&
                         fits(std::integral_constant<int, K>{})) ||
                        ...);
            }(std::make_integer_sequence<int, C::plan.steps[Maker].store_count>{});
    }
    template <int Step>
    using settled_body = sweep_body<C, Step, middle, typename step_of<Step>::vector, true>;
    // What has its value of settled sums in the steps of numbers between the first and the last, all of them sums of
    // step First; and in the last step what leaves scales out, all of which such steps measure.
    static constexpr int not_here = 1000;
    template <int Step>
    static constexpr int settled_values = []<int... I>(std::integer_sequence<int, I...>) {
        using body = settled_body<Step>;
        constexpr auto of = [](auto i) {
            if constexpr (body::settled_at(i) == settled_as::function)
                return loads_what<body, i, 0, First>([](auto k) {
                    return first_step::template settles_store<typename first_step::settled_each_row, k>();
                })
                           ? 1
                           : not_here;
            else if constexpr (body::settled_at(i) == settled_as::without_scale)
                return any_step([&](auto maker) {
                    using numbers = settled_body<maker>;
                    return maker != First && maker != group.last && step_of<maker>::of_numbers &&
                           loads_what<body, i, 1, maker>([&](auto k) {
                               settled_as const of_number = numbers::settled_at(numbers::written(k));
                               return of_number == settled_as::measured || of_number == settled_as::function;
                           });
                })
                           ? 1
                           : not_here;
            else
                return 0;
        };
        if constexpr (Step == First || (!step_of<Step>::of_numbers && Step != group.last))
            return 0;
        else
            return (0 + ... + of(std::integral_constant<int, I>{}));
    }(std::make_integer_sequence<int, step_of<Step>::body::size>{});
    static constexpr bool settled_as_a_rule = [] {
        if constexpr (!by_vectors || rows % unit != 0 || step_of<group.last>::of_numbers)
            return false;
        else if constexpr (first_step::settled.count == 0 || !all_steps([](auto s) { return !step_of<s>::ends_later; }))
            return false;
        else
            return []<int... K>(std::integer_sequence<int, K...>) {
                int const n = (0 + ... + settled_values<First + K>);
                return n > 0 && n < not_here;
            }(std::make_integer_sequence<int, count>{});
    }();

    template <class Offsets>
    struct all_of;
    template <int... K>
    struct all_of<std::integer_sequence<int, K...>> : step_of<First + K>... {};
    using steps = all_of<std::make_integer_sequence<int, count>>;
    template <int Step>
    [[gnu::always_inline]] static step_of<Step>& at(steps& together) {
        return together;
    }

    [[gnu::always_inline]] static void numbers(steps& together, frame const& f, index first, index last) {
        unrolled<First + 1, group.last>([&](auto s)
                                            __attribute__((always_inline)) { at<s>(together).run(f, first, last); });
    }
    // Sums of a unit, and what is made of them if they are settled. False where they, or what has to be in their range
    // beside them, are not.
    template <int Step, class... Measured>
    [[nodiscard, gnu::always_inline]] static bool settled_numbers(steps& together, frame const& f, index k,
                                                                  typename first_step::reduced_rows const& reduced,
                                                                  Measured... measured) {
        if constexpr (Step == group.last)
            return !first_step::any_outside(reduced, measured...);
        else if constexpr (!step_of<Step>::of_numbers) {
            at<Step>(together).run(f, k, k + unit);
            return settled_numbers<Step + 1>(together, f, k, reduced, measured...);
        } else {
            typename step_of<Step>::template settled_sums<true> sums;
            at<Step>(together).run_settled(f, k, k + unit, sums);
            constexpr int count_of_step = settled_body<Step>::measured_count;
            if constexpr (count_of_step == 0)
                return settled_numbers<Step + 1>(together, f, k, reduced, measured...);
            else
                return [&]<int... M>(std::integer_sequence<int, M...>) __attribute__((always_inline)) {
                    return settled_numbers<Step + 1>(together, f, k, reduced, measured..., sums.measured[M]...);
                }(std::make_integer_sequence<int, count_of_step>{});
        }
    }

    // Those of a loop would need a register each; those of alike steps are by value in their function.
    using frame_of_rest =
        std::conditional_t<rows <= 2 * unit && !is_one_of_alike<C>, frame_of_addresses<C>, frame const&>;
    static frame view(frame_of_addresses<C> const& of) { return {of.arguments, of.outputs, of.workspace}; }
    static frame view(frame const& f) { return f; }
    // From row k of the block that begins at row i. The sums of this unit are written but not settled.
    [[gnu::noinline]] static void rest(frame_of_rest of, index i, index k) noexcept {
        frame const f = view(of);
        steps together;
        first_step::settle_rows(f, 0, 0, k, k + unit);
        bool summed = true;
        for (; i < rows; i = k) {
            index const end = end_of_rows<rows, group.block>(i);
            for (; k < end; k += unit) {
                if (!summed) at<First>(together).run(f, k, k + unit);
                summed = false;
                numbers(together, f, k, k + unit);
            }
            at<group.last>(together).run(f, i, end);
        }
        simd::keep_stores();
    }

    [[gnu::always_inline]] static void run(frame const& f) noexcept {
        steps together;
        for (index i = 0; i < rows; i += group.block) {
            index const end = end_of_rows<rows, group.block>(i);
#pragma GCC unroll 2  // the sums of the next rows begin before the roots of these end
            for (index k = i; k < end; k += unit) {
                index const last = end_of_rows<rows, unit>(k);  // a block is whole units
                if constexpr (settled_as_a_rule) {
                    sweep_matrix<C, First, V> const sums(f, 0, 0);
                    if (!settled_numbers<First + 1>(together, f, k, first_step::reduce(sums.from, sums.to, k)))
                        [[unlikely]]
                        return rest(frame_of_rest(f), i, k);
                } else {
                    at<First>(together).run(f, k, last);
                    numbers(together, f, k, last);
                }
            }
            if constexpr (settled_as_a_rule) {
                typename step_of<group.last>::template settled_sums<true> none;
                at<group.last>(together).run_settled(f, i, end, none);
            } else
                at<group.last>(together).run(f, i, end);
        }
        unrolled<First, group.last + 1>([&](auto s) __attribute__((always_inline)) { at<s>(together).finish(f); });
    }
};

template <class C, int First, class V>
void sweep_together(frame const& f) noexcept {
    rows_together<C, First, V>::run(f);
    simd::keep_stores();
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
