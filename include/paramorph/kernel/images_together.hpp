// Images together: the steps of a group (graph/images.hpp) image by image.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/dense.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Step Step for image n of so many.
template <class C, int Step, int Images, class V>
[[gnu::always_inline]] inline void image_of_step(frame const& f, index n) noexcept {
    constexpr step plan = C::plan.steps[Step];
    using on = sweep_body<C, Step, middle, V>;
    if constexpr (plan.node >= 0)
        dense_image<C, plan.node, V>(f, n);
    else if constexpr (shape_of_step<C, Step, V>.kind == loop_shape::flat) {
        constexpr index elements = on::elements_in_all / Images;
        typename on::sources from;
        typename on::targets to;
        typename on::accumulators none;
        on::open(f, 0, 0, from, to);
        // The loop counts from element 0 of all images.
        unrolled<on::loads.count>([&](auto k) __attribute__((always_inline)) {
            constexpr int l = on::loads.at[k];
            if constexpr (has_one_image<C>(on::at(l).source)) from[l] = on::template source<l>(from) - n * elements;
        });
        unrolled<plan.store_count>([&](auto k) __attribute__((always_inline)) {
            if constexpr (has_one_image<C>(C::plan.stores[plan.first_store + k])) to.at[k] -= n * elements;
        });
        by_rows<on>::template row<true, elements % on::width != 0>(from, to, none, 0, n * elements, (n + 1) * elements);
    } else
        for (index i = 0; i < plan.space[1]; ++i) sweep_matrix<C, Step, V>(f, n, i).run(f, n, i);
}

template <class C, int Step, int Images, class V>
void image_step(frame const& f, index n) noexcept {
    image_of_step<C, Step, Images, V>(f, n);
    simd::keep_stores();
}

// The steps that run together with step First.
template <class C, int First, class V>
[[gnu::always_inline]] inline void images_together(frame const& f) noexcept {
    constexpr row_group group = C::rows.of[First];
    for (index n = 0; n < group.images; ++n)
        unrolled<First, group.last + 1>(
            [&](auto s) __attribute__((always_inline)) { image_step<C, s, group.images, V>(f, n); });
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
