// The fused loop: one pass over memory for all nodes of a scheduled step, in the shape that graph/loop_shape.hpp gives
// it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/long_reduction.hpp"
#include "paramorph/kernel/settle_step.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

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

template <class C, int Step, class V, bool Settled>
[[gnu::always_inline]] inline void sweep_all(frame const& f) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    constexpr loop_shape::kind_t kind = shape_of_step<C, Step, V>.kind;
    if constexpr (kind == loop_shape::flat) {
        total_sums<C, Step, V> sums;
        sweep_flat<C, Step, V, Settled>(f, 0, on::elements_in_all, sums.of);
        sums.finish(f);
    } else if constexpr (kind == loop_shape::strips)
        long_reduction<C, Step, V>::run(f);
    else
        for (index i0 = 0; i0 < plan.space[0]; ++i0)
            for (index i1 = 0; i1 < plan.space[1]; ++i1) sweep_matrix<C, Step, V, Settled>(f, i0, i1).run(f, i0, i1);
    settle_step<C, Step, V>::run(f);
}
template <class C, int Step, class V>
[[gnu::noinline, gnu::cold]] inline void sweep_scaled(frame const& f) noexcept {
    sweep_all<C, Step, V, false>(f);
    simd::keep_stores();
}

template <class C, int Step, class V>
[[gnu::always_inline]] inline void sweep_here(frame const& f) noexcept {
    using without_scales = sweep_body<C, Step, middle, V, true>;
    constexpr loop_shape::kind_t kind = shape_of_step<C, Step, V>.kind;
    constexpr bool either = kind != loop_shape::mirrored && kind != loop_shape::strips && !C::plan.steps[Step].masked;
    using code = typename without_scales::code;
    if constexpr (either && scaled_as_a_whole(code::begin, code::first, code::size, without_scales::rows == 1)) {
        // Scales that are one number for all of it are 1, as a rule.
        typename without_scales::sources from;
        typename without_scales::targets to;
        without_scales::open(f, 0, 0, from, to);
        if (!without_scales::scales_are_one(from, 0)) [[unlikely]]
            return sweep_scaled<C, Step, V>(f);
        sweep_all<C, Step, V, true>(f);
    } else
        sweep_all<C, Step, V, false>(f);
}

// A step as a function; where a program has no other step, or group of steps, it is inlined instead.
template <class C, int Step, class V>
void sweep(frame const& f) noexcept {
    sweep_here<C, Step, V>(f);
    simd::keep_stores();
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
