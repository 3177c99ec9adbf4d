// Programs inside programs: those that pm::scan's operations own (nn/scan_operations.hpp), one step of the cell and one
// step of its gradient; and how an operation runs a program that it owns: the interpreter by interpreting its graph, a
// kernel by its kernels, in memory that is part of the plan of the program around it. Cost: that of the step; its
// gradient two to three times as much. Source: jax.lax.scan.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>

#include "paramorph/kernel/run.hpp"
#include "paramorph/nn/tracing.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace program {

// One step. Arguments: the state, the step's input, the parameters. Outputs: the next state, the step's result.
template <class Cell, class T, class State, class Input, class... Parameter>
struct scan_step {
    using real = T;
    using result =
        decltype(Cell{}(symbol<State, T>{}, symbol<Input, T>{}, symbol<Parameter, T>{}...));  // a tuple or pair
    using results = detail::results<result>;
    using operations = join<base_operations, typename results::operations>;
    using output = typename std::tuple_element_t<1, typename results::type>::shape_type;

    static constexpr int parameters = sizeof...(Parameter);
    static constexpr extents output_shape = output::value;
    static constexpr int state_size = State::size, input_size = Input::size, output_size = output::size;
    static constexpr int parameter_size = (0 + ... + Parameter::size);
    // Where each parameter begins in the row that holds all of them.
    static constexpr std::array<int, parameters + 1> begins = [] {
        std::array<int, parameters + 1> all{};
        std::size_t k = 0;
        ((all[k + 1] = all[k] + Parameter::size, ++k), ...);
        return all;
    }();

    static constexpr graph build() {
        graph g = new_graph<T>();
        int position = 0;
        auto const next = [&]<class Shape>(std::type_identity<Shape>) { return append_leaf<Shape, T>(g, position++); };
        std::tuple<symbol<State, T>, symbol<Input, T>, symbol<Parameter, T>...> const in{
            next(std::type_identity<State>{}), next(std::type_identity<Input>{}),
            next(std::type_identity<Parameter>{})...};  // braces: from left to right
        results::output(g, std::apply([](auto const&... x) { return Cell{}(x...); }, in));
        return g;
    }
};

// With vectors, a row times a matrix is completed by the loop that reads it.
template <bool Vectors>
struct completes_rows {};
template <>
struct completes_rows<true> {
    static constexpr bool fuses_row_products = true;
};
// Step as a scan runs it: a result that is the next state itself is not made twice.
template <class Step>
struct step_of_scan
    : Step,
      completes_rows<(kernel::target_of<simd::best<typename Step::real>>.lanes(element_of<typename Step::real>) > 1)> {
    static constexpr bool one_result = [] {
        graph const g = Step::build();
        return g.outputs[0] == g.outputs[1];
    }();
    static constexpr int outputs = one_result ? 1 : 2;
    static constexpr graph build() {
        graph g = Step::build();
        g.output_count = outputs;
        return g;
    }
};

// The gradient of one step. Arguments: those of the step; the cotangent of the next state, and with OfOutput that of
// the step's result; the parameters' cotangents so far. Outputs: the cotangents of the state and of the step's input;
// the parameters' cotangents with those of this step.
template <class Step, bool OfOutput>
struct scan_step_adjoint {
    using real = typename Step::real;
    using operations = join<base_operations, typename Step::operations>;
    static constexpr graph value = simplify_to_differentiate(Step::build());
    static constexpr int arguments = 2 + Step::parameters, cotangents = 1 + OfOutput;

    static constexpr graph build() {
        graph g = value;
        int leaf = arguments;
        auto const next = [&](extents const& s) {
            int const v = push_with<op::leaf>(g, attributes{{leaf++}});
            g.values[v] = ir::value{s, g.real, g.values[v].producer};
            return v;
        };
        int const results[]{g.outputs[0], g.outputs[1]};
        int seeds[2]{}, wanted[arguments]{}, adjoints[arguments]{};
        for (int k = 0; k < cotangents; ++k) seeds[k] = next(g.shape_of(results[k]));
        for (int k = 0; k < arguments; ++k) wanted[k] = k;  // leaves come first
        differentiate(g, {results, seeds, cotangents, wanted, adjoints, arguments});
        g.output_count = 0;
        for (int k = 0; k < arguments; ++k) {
            extents const s = g.shape_of(k);
            int d = adjoints[k];
            if (k >= 2) {
                int const before = next(s);
                d = d < 0 ? before : g.push(node{g.sum, {before, d}, {}, 0, nullptr, 0});
            } else if (d < 0 || g.shape_of(d) != s)
                d = push_with<op::broadcast_to>(g, op::attributes_of(s), d >= 0 ? d : append_constant(g, 0));
            g.output(d);
        }
        return g;
    }
};

}  // namespace program

namespace detail {

// Additions and multiplications of a program.
constexpr double flops_of(graph const& g) {
    double all = 0;
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        if (n.operation->kind == category::elementwise) all += g.shape_of(n.first).size();
        if (n.operation->kind == category::reduction) all += g.shape_of(n.argument[0]).size();
        if (n.operation->has_flops) all += n.operation->flops(g, n);
    }
    return all;
}

constexpr std::int64_t aligned_bytes(std::int64_t bytes) {
    return (bytes + workspace_alignment - 1) / workspace_alignment * workspace_alignment;
}

// What an operation needs to run program P on a machine; this one's plan is there already.
template <class P>
constexpr std::int64_t workspace_on(target const& machine) {
    using C = compiled<P>;
    if (&machine == &C::machine) return aligned_bytes(C::memory.bytes);
    graph const& g = C::simplified;
    schedule const plan = make_schedule(g, assign_storage(g, machine));
    return aligned_bytes(plan_memory(g, plan, group_rows(g, plan, machine), machine).bytes);
}

// What an operation needs that runs these programs, one after the other.
template <class... P>
    requires(sizeof...(P) > 1)
constexpr std::int64_t workspace_on(target const& machine) {
    return std::max({workspace_on<P>(machine)...});
}
template <class... P>
inline constexpr std::int64_t own_bytes = std::max({aligned_bytes(workspace_bytes_of<P>)...});

// Runs program P on arrays; false: an operation failed.
template <class P>
struct interpreted_program {
    template <std::size_t N, std::size_t M>
    constexpr bool operator()(std::array<double const*, N> const& arguments, std::array<double*, M> const& outputs) {
        return evaluate(compiled<P>::traced, arguments.data(), outputs.data()).ok();
    }
};
template <class P, class V>
struct compiled_program {
    std::byte* workspace;
    template <class T, std::size_t N, std::size_t M>
    bool operator()(std::array<T const*, N> const& from, std::array<T*, M> const& to) noexcept {
        std::array<void const*, N> arguments;
        std::array<void*, M> outputs;
        for (std::size_t k = 0; k < N; ++k) arguments[k] = from[k];
        for (std::size_t k = 0; k < M; ++k) outputs[k] = to[k];
        return run<P, V>(arguments.data(), outputs.data(), workspace).ok();
    }
};

// Numbers that an operation keeps for itself behind the workspace of its program, each array on a boundary.
template <class T, int... Size>
struct spare_arrays {
    static constexpr std::int64_t bytes = (0 + ... + aligned_bytes(std::int64_t(Size) * std::int64_t(sizeof(T))));
    static std::array<T*, sizeof...(Size)> in(std::byte* at) noexcept {
        std::array<T*, sizeof...(Size)> all{};
        std::size_t k = 0;
        ((all[k++] = reinterpret_cast<T*>(at), at += aligned_bytes(std::int64_t(Size) * std::int64_t(sizeof(T)))), ...);
        return all;
    }
};

template <class T>
constexpr void copy_elements(T const* from, T* to, int n) noexcept {
    for (int i = 0; i < n; ++i) to[i] = from[i];
}
template <class T>
constexpr void clear_elements(T* to, int n) noexcept {
    for (int i = 0; i < n; ++i) to[i] = 0;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
