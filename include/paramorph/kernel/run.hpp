// Running a program: its steps in order, each compiled into one loop or one dense kernel. No heap, no exceptions, no
// virtual call.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/kernel/images_together.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/kernel/parts.hpp"
#include "paramorph/kernel/row_product.hpp"
#include "paramorph/kernel/rows_together.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Runs program P. `arguments[k]` and `outputs[k]` are contiguous row-major elements of P's leaves and outputs,
// `workspace` has workspace_bytes_of<P> bytes at an alignment of at least that of double. V is the vector type: by
// default the widest of the target.
template <class P, class V = simd::best<typename P::real>>
[[gnu::always_inline]] inline status run(void const* const* arguments, void* const* outputs,
                                         std::byte* workspace) noexcept {
    using C = compiled<P>;
    kernel::frame const f{arguments, outputs, workspace};
    status result;
    kernel::unrolled<C::plan.step_count>([&](auto s) __attribute__((always_inline)) {
        constexpr int node = C::plan.steps[s].node;
        constexpr row_group rows = C::rows.of[s];
        if (!result.ok()) return;
        if constexpr (s > 0 && C::products.at[s > 0 ? s - 1 : 0])
            return;  // ran with its product
        else if constexpr (C::products.at[s]) {
            constexpr char const* sentence = sentence_of(C::simplified.nodes[node]);
            if (!kernel::product_and_loop<C, s, V>(f)) result.failed = sentence;
        } else if constexpr (rows.images != 0) {
            if constexpr (s == rows.first) kernel::images_together<C, s, V>(f);  // none of them can fail
        } else if constexpr (rows.block != 0 && rows.first == 0 && rows.last == C::plan.step_count - 1) {
            if constexpr (s == 0) kernel::sweep_together_here<C, s, V>(f);
        } else if constexpr (rows.block != 0 && s == rows.first)
            kernel::sweep_together<C, s, V>(f);
        else if constexpr (rows.block != 0)
            return;  // runs with an earlier one
        else if constexpr (node < 0 && C::plan.step_count == 1 && C::plan.code_size <= long_body)
            kernel::sweep_here<C, s, V>(f);
        else if constexpr (node < 0)
            kernel::sweep<C, s, V>(f);
        else {
            constexpr char const* sentence =
                sentence_of(C::simplified.nodes[node]);  // a constant: the graph stays out of the program
            if (!kernel::dense_step<C, node, V>(f)) result.failed = sentence;
        }
    });
    return result;
}

}  // namespace paramorph::inline PARAMORPH_ABI
