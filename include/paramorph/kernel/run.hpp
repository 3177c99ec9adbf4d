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

namespace kernel {

// The sentence of what failed in a dense step that ended so, or none.
template <class C, int Node, class Ended>
[[gnu::always_inline]] inline char const* failure_of(Ended ended) noexcept {
    if constexpr (std::is_same_v<Ended, status>)
        return ended.failed;
    else {
        constexpr char const* sentence =
            sentence_of(C::simplified.nodes[Node]);  // a constant: the graph stays out of the program
        return ended ? nullptr : sentence;
    }
}

// The function of the steps that are like step Step (graph/alike_steps.hpp). It is given the addresses of their
// operands, and behind these, where they copy to outputs, the frame's outputs from the first of them on.
template <class C, int Step, class V, class... Address>
[[gnu::noinline]] auto alike_step(Address... address) noexcept {
    using one = one_of_alike<C, Step>;
    constexpr int node = C::plan.steps[Step].node;
    void const* const operands[]{address...};
    frame f{operands, nullptr, nullptr};
    if constexpr (copies_to_outputs(C::plan, Step))
        f.outputs = static_cast<void* const*>(operands[sizeof...(address) - 1]);
    if constexpr (node >= 0)
        return dense_step_here<one, node, V>(f);
    else {
        if constexpr (C::rows.of[Step].block != 0)
            rows_together<one, Step, V>::run(f);
        else
            sweep_here<one, Step, V>(f);
        simd::keep_stores();
    }
}
template <class C, int Step, class V>
[[gnu::always_inline]] inline auto run_alike_step(frame const& f) noexcept {
    using T = simd::value_t<V>;
    constexpr int first = C::alike.function_of(Step);
    constexpr unit_operands operands = operands_of_unit(C::simplified, C::plan, C::rows.of[Step]);
    return [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
        if constexpr (copies_to_outputs(C::plan, Step))
            return alike_step<C, first, V>(address<C, operands.of[K], element_in_memory<C, operands.of[K], T>>(f)...,
                                           f.outputs + shift_of_outputs(C::plan, first, Step));
        else
            return alike_step<C, first, V>(address<C, operands.of[K], element_in_memory<C, operands.of[K], T>>(f)...);
    }(std::make_integer_sequence<int, operands.count>{});
}

// Runs a step, with those that run with it. What failed, or none.
template <class C, int Step, class V>
[[gnu::always_inline]] inline char const* run_step(frame const& f) noexcept {
    constexpr int node = C::plan.steps[Step].node;
    constexpr row_group rows = C::rows.of[Step];
    if constexpr (C::products.ran_before(Step)) {  // with its product, or another one
    } else if constexpr (C::products.at[Step] != 0) {
        return products_and_loop<C, Step, V>(f);
    } else if constexpr (rows.images != 0) {
        if constexpr (Step == rows.first) images_together<C, Step, V>(f);  // none of them can fail
    } else if constexpr (rows.block != 0 && Step != rows.first) {          // runs with an earlier one
    } else if constexpr (C::alike.shared(Step) && node >= 0) {
        return failure_of<C, node>(run_alike_step<C, Step, V>(f));
    } else if constexpr (C::alike.shared(Step))
        run_alike_step<C, Step, V>(f);
    else if constexpr (rows.block != 0 && rows.first == 0 && rows.last == C::plan.step_count - 1)
        rows_together<C, Step, V>::run(f);
    else if constexpr (rows.block != 0)
        sweep_together<C, Step, V>(f);
    else if constexpr (node < 0 && C::plan.step_count == 1 && C::plan.code_size <= long_body)
        sweep_here<C, Step, V>(f);
    else if constexpr (node < 0)
        sweep<C, Step, V>(f);
    else if constexpr (runs_here<C, node>)
        return failure_of<C, node>(dense_step_here<C, node, V>(f));
    else
        return failure_of<C, node>(dense_step<C, node, V>(f));
    return nullptr;
}

}  // namespace kernel

namespace kernel {

// Runs program P as a part of the function around it, whose end keeps what is stored.
template <class P, class V>
[[gnu::always_inline]] inline status run_within(frame const& f) noexcept {
    using C = compiled<P>;
    status result;
    if constexpr (C::plan.step_count == 1)
        result.failed = run_step<C, 0, V>(f);
    else
        unrolled<C::plan.step_count>([&](auto s) __attribute__((always_inline)) {
            if (result.ok()) result.failed = run_step<C, s, V>(f);
        });
    return result;
}

// Is program P, a short one, part of the function that runs it, with nothing of it called?
template <class P>
inline constexpr bool runs_whole = [] {
    using C = compiled<P>;
    auto const here = []<int Step>(std::integral_constant<int, Step>) {
        constexpr int node = C::plan.steps[Step].node;
        if constexpr (C::products.at[Step] != 0 || C::products.ran_before(Step))
            return true;
        else if constexpr (node >= 0 && C::rows.of[Step].images == 0 && C::rows.of[Step].block == 0)
            return runs_here<C, node>;
        else
            return false;
    };
    if constexpr (constexpr int most = 8; C::plan.step_count <= most)
        return [&]<int... Step>(std::integer_sequence<int, Step...>) {
            return (here(std::integral_constant<int, Step>{}) && ...);
        }(std::make_integer_sequence<int, C::plan.step_count>{});
    else
        return false;
}();

// Sets one of the pointers that program P is given, or gives. Where nothing is called their array becomes none.
template <class P, class To, class From>
[[gnu::always_inline]] inline void give(To*& to, From* from) noexcept {
    if constexpr (runs_whole<P>)
        to = from;
    else
        simd::set_alone(to, from);
}

}  // namespace kernel

// Runs program P. `arguments[k]` and `outputs[k]` are contiguous row-major elements of P's leaves and outputs,
// `workspace` has workspace_bytes_of<P> bytes at an alignment of at least that of double. V is the vector type: by
// default the widest of the target. By several threads: kernel/run_shared.hpp.
template <class P, class V = simd::best<typename P::real>>
[[gnu::always_inline]] inline status run(void const* const* arguments, void* const* outputs,
                                         std::byte* workspace) noexcept {
    status const result = kernel::run_within<P, V>({arguments, outputs, workspace});
    simd::keep_stores();
    return result;
}

}  // namespace paramorph::inline PARAMORPH_ABI
