// Results of a step that may have to be computed again, in another way (op/length.hpp), where they are complete only
// after the whole step.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/row_loop.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

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
        simd::keep_stores();
    }
    [[gnu::always_inline]] static void run(frame const& f) noexcept {
        if constexpr (needed) stores(f);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
