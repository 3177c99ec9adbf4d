// Dense steps: one operation that is a loop of its own. The primary template runs the operation's own `compute`, the
// same code as in the interpreter; `dense_kernel` is specialised where a vectorised kernel exists (matmul, LU, ...).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/sweep.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// What a dense kernel may know while it is compiled.
template <class C, int Node>
struct dense_node {
    static constexpr node call = C::simplified.nodes[Node];
    static constexpr attributes attribute = call.attribute;
    static constexpr extents shape(int argument) { return C::simplified.shape_of(call.argument[argument]); }
    static constexpr part part_of(int argument) { return call.operation->part_of(C::simplified, call, argument); }
    // Was it written where the result holds it? A value that is an argument twice was written at one place only.
    static constexpr bool in_place(int argument) {
        subview const at = C::plan.subview_of(memory_of(C::simplified, call.argument[argument]));
        return at.within == call.first && at.at.offset == part_of(argument).offset;
    }
    static constexpr element stored_at(int argument) {
        return C::simplified.values[memory_of(C::simplified, call.argument[argument])].type;
    }
    // Is an argument stored in 16 bits or eight? Only of an operation whose kernel `reads_stored`.
    static constexpr bool converts = [] {
        for (int k = 0; k < call.operation->arity; ++k)
            if (is_stored(stored_at(k))) return true;
        return false;
    }();
    // The value that sums begin with, -1: none.
    static constexpr int begins_with = [] {
        for (int t = 0; t < C::plan.step_count; ++t)
            if (C::plan.steps[t].node == Node) return C::plan.steps[t].begins_with - 1;
        return -1;
    }();
    static constexpr extents result_shape(int result) { return C::simplified.shape_of(call.first + result); }
    // Where its panels, or its own memory, are in the workspace, or -1: panels are on the stack.
    static constexpr std::int64_t panels = [] {
        if (call.operation->has_panels || call.operation->has_workspace)
            for (int t = 0; t < C::plan.step_count; ++t)
                if (C::plan.steps[t].node == Node) return C::memory.panels[t] - 1;
        return std::int64_t(-1);
    }();
    // Where vectors are wider than those that it was planned for, the place there is too small.
    template <class V>
    static constexpr bool panels_on_stack = [] {
        constexpr element type = element_of<simd::value_t<V>>;
        return panels < 0 || target_of<V>.panel_row_bytes(type) > C::machine.panel_row_bytes(type);
    }();
};

// Operands some of which are stored in 16 bits or eight.
template <class T>
struct stored_operands : operands<T> {
    void const* stored[max_arguments];
};
// Operands of an operation that `reads_leaves` of the program, beside its arguments.
template <class T>
struct leaf_operands : operands<T> {
    void const* const* leaves = nullptr;
};
// Argument K, as it is stored.
template <class Node, int K, class T>
[[gnu::always_inline]] inline T const* stored_argument(operands<T> const& x) {
    return x.argument[K];
}
template <class Node, int K, class T>
[[gnu::always_inline]] inline auto const* stored_argument(stored_operands<T> const& x) {
    return static_cast<stored_in<Node::stored_at(K), T> const*>(x.stored[K]);
}

template <class Op>
struct dense_kernel {
    template <class Node, class V>
    static auto run(operands<simd::value_t<V>> const& x) noexcept {
        return Op::template compute<accurate, simd::value_t<V>>(x);
    }
};

template <class C, int Node>
using operation_of =
    typename find_operation<typename C::operations, dense_node<C, Node>::call.operation->id.object>::type;

template <class C, int Node, class T>
using operands_in = std::conditional_t<
    dense_node<C, Node>::converts, stored_operands<T>,
    std::conditional_t<dense_node<C, Node>::call.operation->reads_leaves, leaf_operands<T>, operands<T>>>;

// The operands of a dense step. Their type is written: clang makes a result of a type that is deduced elsewhere, and
// copies it.
template <class C, int Node, class T>
[[gnu::always_inline]] inline operands_in<C, Node, T> operands_of(frame const& f) noexcept {
    using call = dense_node<C, Node>;
    using Op = operation_of<C, Node>;
    constexpr bool reads_leaves = call::call.operation->reads_leaves;
    operands_in<C, Node, T> x;
    if constexpr (reads_leaves) x.leaves = f.arguments;
    constexpr attributes at = call::attribute;
    x.attribute = at;
    unrolled<Op::arity>([&](auto k) __attribute__((always_inline)) {
        constexpr int v = call::call.argument[k];
        constexpr extents s = call::shape(k);
        x.shape[k] = s;
        if constexpr (C::simplified.values[v].type == element::i32)
            x.integer[k] = address<C, v, std::int32_t>(f);
        else if constexpr (call::converts)
            x.stored[k] = address<C, v, stored_in<call::stored_at(k), T>>(f);
        else
            x.argument[k] = address<C, v, T>(f);
    });
    unrolled<Op::results>([&](auto k) __attribute__((always_inline)) {
        constexpr int v = call::call.first + k;
        constexpr bool made = C::memory.of[memory_of(C::simplified, v)].kind != location::nowhere;
        if constexpr (!made && (call::call.operation->optional_results >> k & 1))
            x.result[k] = nullptr;
        else if constexpr (C::simplified.values[v].type == element::i32)
            x.integer_result[k] = address<C, v, std::int32_t>(f);
        else
            x.result[k] = address<C, v, T>(f);
    });
    if constexpr (call::begins_with >= 0) x.argument[Op::arity] = address<C, call::begins_with, T>(f);
    if constexpr (call::panels >= 0) x.panels = reinterpret_cast<T*>(f.workspace + call::panels);
    return x;
}

// A dense step, or a part of one whose kernel takes parts. Does its requirement hold, or how did its program end?
template <class C, int Node, class V, class... Part>
[[gnu::always_inline]] inline auto dense_step_here(frame const& f, Part... part) noexcept {
    return dense_kernel<operation_of<C, Node>>::template run<dense_node<C, Node>, V>(
        operands_of<C, Node, simd::value_t<V>>(f), part...);
}
template <class C, int Node, class V, class... Part>
auto dense_step(frame const& f, Part... part) noexcept {
    auto const holds = dense_step_here<C, Node, V>(f, part...);
    simd::keep_stores();
    return holds;
}
// Is a dense step part of the function that runs the program? Its kernel says so by `here`.
template <class C, int Node>
inline constexpr bool runs_here = [] {
    if constexpr (requires { dense_kernel<operation_of<C, Node>>::template here<dense_node<C, Node>>; })
        return dense_kernel<operation_of<C, Node>>::template here<dense_node<C, Node>>;
    else
        return false;
}();

// Image n of a step that makes them one by one; the first one comes first.
template <class C, int Node, class V>
[[gnu::always_inline]] inline void dense_image(frame const& f, std::ptrdiff_t n) noexcept {
    using call = dense_node<C, Node>;
    constexpr int images = call::shape(0).d[0];
    auto x = operands_of<C, Node, simd::value_t<V>>(f);
    x.shape[0].d[0] = 1;
    if (!has_one_image<C>(call::call.argument[0])) x.argument[0] += n * (call::shape(0).size() / images);
    if (!has_one_image<C>(call::call.first)) x.result[0] += n * (call::result_shape(0).size() / images);
    dense_kernel<operation_of<C, Node>>::template run_image<call, V>(x, n == 0);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
