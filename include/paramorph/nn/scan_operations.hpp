// The operations of pm::scan (nn/scan.hpp): all steps forward, and their gradient backward. Each owns a program, a
// step, and runs it once for each step, in the interpreter and in the kernel; so nothing is compiled more than once,
// however many steps there are. Cost: a step's operations for each step; the gradient the step's gradient, and one step
// more where states are computed again. Memory: the saved states, and a step's workspace. Source: jax.lax.scan; Chen et
// al. 2016, "Training deep nets with sublinear memory cost".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"
#include "paramorph/nn/scan_programs.hpp"
#include "paramorph/op/packed.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

template <class Step, int Every, bool OfOutput>
struct scan_adjoint;

// Arguments: the first state, the inputs of all steps, the parameters in one row where there are any. Results: the last
// state, the results of all steps, the states before steps 0, Every, 2 Every, ... (which the gradient reads; without
// one they have no memory).
template <class Step, int Every>
struct scan : dense<scan<Step, Every>, Step::parameters == 0 ? 2 : 3, 3> {
    static constexpr std::string_view name = "scan";
    static constexpr int optional_results = 0b110;
    using uses = ops<scan_adjoint<Step, Every, false>, scan_adjoint<Step, Every, true>, packed<2>, reshape>;
    using real = typename Step::real;
    using step = Step;
    static constexpr int states_apart = Every;
    using run = program::step_of_scan<Step>;
    static constexpr bool gives_states = run::one_result;  // are the results of the steps their next states?
    using spare = paramorph::detail::spare_arrays<real, Step::state_size, Step::output_size>;

    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const steps = a[1].d[0];
        if (result == 0) return a[0];
        if (result == 2) return {2, {(steps + Every - 1) / Every, Step::state_size}};
        extents y{Step::output_shape.rank + 1, {steps}};
        for (int k = 1; k < y.rank; ++k) y.d[k] = Step::output_shape.d[k - 1];
        return y;
    }
    static constexpr double flops(auto const& g, node const& n) {
        return g.shape_of(n.argument[1]).d[0] * paramorph::detail::flops_of(compiled<run>::simplified);
    }
    static constexpr std::int64_t workspace(target const& machine) {
        return paramorph::detail::workspace_on<run>(machine) + spare::bytes;
    }
    template <class M, class T>
    static constexpr status compute(operands<T> const& x) noexcept {
        paramorph::detail::scratch_array<T> between(Step::state_size);
        return steps(x, {between.data, nullptr}, paramorph::detail::interpreted_program<run>{});
    }
    // What interpreter and kernel do, given how each runs a step, and room for what is not asked for.
    template <class T>
    static constexpr status steps(operands<T> const& x, std::array<T*, 2> const& room, auto run_step) noexcept {
        constexpr int state = Step::state_size;
        int const count = x.shape[1].d[0];
        T* const states = x.result[2];
        std::array<T const*, 2 + Step::parameters> arguments{x.argument[0]};
        for (std::size_t k = 0; k < Step::parameters; ++k) arguments[2 + k] = x.argument[2] + Step::begins[k];
        if (states) paramorph::detail::copy_elements(x.argument[0], states, state);
        for (int t = 0; t < count; ++t) {
            arguments[1] = x.argument[1] + t * Step::input_size;
            bool const saved = states && (t + 1) % Every == 0 && t + 1 < count;
            T* const next = saved                  ? states + (t + 1) / Every * state
                            : (count - t) % 2 != 0 ? x.result[0]  // the last step's
                                                   : room[0];
            T* const y = x.result[1] ? x.result[1] + t * Step::output_size : room[1];
            if constexpr (gives_states) {
                T* const to = x.result[1] ? y : next;
                if (status const ended = run_step(arguments, std::array<T*, 1>{to}); !ended) return ended;
                if (to != next && (saved || t + 1 == count)) paramorph::detail::copy_elements(to, next, state);
                arguments[0] = to;
            } else {
                if (status const ended = run_step(arguments, std::array<T*, 2>{next, y}); !ended) return ended;
                arguments[0] = next;
            }
        }
        return {};
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const of_last = a.cotangent[0], of_outputs = a.cotangent[1], first = n.first;
        auto const flat = [&](int v) { return push_with<reshape>(g, attributes_of({1, {g.shape_of(v).size()}}), v); };
        int const both = of_last < 0      ? flat(of_outputs)
                         : of_outputs < 0 ? flat(of_last)
                                          : push<packed<2>>(g, flat(of_last), flat(of_outputs));
        auto const push_adjoint = [&]<bool OfOutput>(std::bool_constant<OfOutput>) {
            using adjoint_of = scan_adjoint<Step, Every, OfOutput>;
            attributes const at{{of_last >= 0}};
            if constexpr (Step::parameters == 0)
                return push_with<adjoint_of>(g, at, first + 2, n.argument[1], both);
            else
                return push_with<adjoint_of>(g, at, first + 2, n.argument[1], both, n.argument[2]);
        };
        int const d = of_outputs < 0 ? push_adjoint(std::false_type{}) : push_adjoint(std::true_type{});
        a.of_argument[0] = push_with<reshape>(g, attributes_of(g.shape_of(n.argument[0])), d);
        for (int k = 1; k < 2 + (Step::parameters > 0); ++k) a.of_argument[k] = d + k;
    }
};

// The gradient through time, from the last step to the first; the states between two that were saved are computed again
// when their steps come. Attribute: is there a cotangent of the last state? Arguments: the saved states; the inputs; in
// one row the cotangents that there are, of the last state, then of the results; the parameters. Results: the
// cotangents of the first state, of the inputs, of the parameters; scratch: of more than longest_chain steps the
// parameters' are added by blocks of steps, and what rounding leaves out of the blocks' sum is kept (compensated_sum).
template <class Step, int Every, bool OfOutput>
struct scan_adjoint
    : dense<scan_adjoint<Step, Every, OfOutput>, Step::parameters == 0 ? 3 : 4, Step::parameters == 0 ? 2 : 4> {
    static constexpr std::string_view name = "scan_adjoint";
    static constexpr int optional_results = 0b010;
    using body = program::scan_step_adjoint<Step, OfOutput>;
    using again = std::conditional_t<Every == 1, body, Step>;  // what computes states again, where any is
    using real = typename Step::real;
    static constexpr int state = Step::state_size, all_parameters = Step::parameter_size;
    using spare = paramorph::detail::spare_arrays<real, state, Step::input_size, all_parameters, (Every - 1) * state,
                                                  Every == 1 ? 0 : Step::output_size>;

    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        if (result == 3) return a[1].d[0] > longest_chain ? extents{2, {2, all_parameters}} : extents{};
        return result == 0 ? extents{1, {state}} : result == 1 ? a[1] : extents{1, {all_parameters}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const forward = Every == 1 ? 0 : paramorph::detail::flops_of(compiled<again>::simplified);
        return g.shape_of(n.argument[1]).d[0] * (paramorph::detail::flops_of(compiled<body>::simplified) + forward);
    }
    static constexpr std::int64_t workspace(target const& machine) {
        return paramorph::detail::workspace_on<body, again>(machine) + spare::bytes;
    }
    template <class M, class T>
    static constexpr status compute(operands<T> const& x) noexcept {
        paramorph::detail::scratch_array<T> of_state(state), of_parameters(all_parameters),
            between((Every - 1) * state), unused(Step::output_size);
        return steps(x, {of_state.data, nullptr, of_parameters.data, between.data, unused.data},
                     paramorph::detail::interpreted_program<body>{}, paramorph::detail::interpreted_program<again>{});
    }
    // Computes again what lies between the saved state before step `first` and that before step `end`.
    template <class T>
    static constexpr status states_between(operands<T> const& x, int first, int end, T* between, T* unused,
                                           auto run_again) noexcept {
        std::array<T const*, 2 + Step::parameters> arguments{x.argument[0] + first / Every * state};
        for (std::size_t k = 0; k < Step::parameters; ++k) arguments[2 + k] = x.argument[3] + Step::begins[k];
        for (int t = first; t + 1 < end; ++t) {
            arguments[1] = x.argument[1] + t * Step::input_size;
            T* const next = between + (t - first) * state;
            if (status const ended = run_again(arguments, std::array<T*, 2>{next, unused}); !ended) return ended;
            arguments[0] = next;
        }
        return {};
    }
    template <class T>
    static constexpr status steps(operands<T> const& x, std::array<T*, 5> const& room, auto run_step,
                                  auto run_again) noexcept {
        constexpr std::size_t parameters = Step::parameters, cotangents = body::cotangents;
        int const count = x.shape[1].d[0];
        bool const of_last = x.attribute.v[0] != 0;
        // What each step makes goes to one place and to the other in turn, the first step's, which comes last, to the
        // result.
        std::array<T*, 2> const of_state{x.result[0], room[0]}, of_parameters{x.result[2], room[2]};
        std::size_t turn = static_cast<std::size_t>(count % 2);
        if (!of_last) paramorph::detail::clear_elements(of_state[turn], state);
        if (parameters > 0) paramorph::detail::clear_elements(of_parameters[turn], all_parameters);
        bool const by_blocks = parameters > 0 && count > longest_chain;
        if (by_blocks) paramorph::detail::clear_elements(x.result[3], 2 * all_parameters);

        std::array<T const*, 2 + parameters + cotangents + parameters> arguments{};
        std::array<T*, 2 + parameters> outputs{};
        for (std::size_t k = 0; k < parameters; ++k) arguments[2 + k] = x.argument[3] + Step::begins[k];
        arguments[2 + parameters] = of_last ? x.argument[2] : of_state[turn];
        T const* const of_outputs = x.argument[2] + (of_last ? state : 0);
        for (int t = count - 1; t >= 0; --t) {
            int const since = t % Every, saved = t - since;
            if constexpr (Every > 1)
                if (t + 1 == count || since + 1 == Every)
                    if (status const ended = states_between(x, saved, t + 1, room[3], room[4], run_again); !ended)
                        return ended;
            arguments[0] = since == 0 ? x.argument[0] + t / Every * state : room[3] + (since - 1) * state;
            arguments[1] = x.argument[1] + t * Step::input_size;
            if constexpr (OfOutput) arguments[3 + parameters] = of_outputs + t * Step::output_size;
            outputs[0] = of_state[1 - turn];
            outputs[1] = x.result[1] ? x.result[1] + t * Step::input_size : room[1];
            for (std::size_t k = 0; k < parameters; ++k) {
                arguments[2 + parameters + cotangents + k] = of_parameters[turn] + Step::begins[k];
                outputs[2 + k] = of_parameters[1 - turn] + Step::begins[k];
            }
            if (status const ended = run_step(arguments, outputs); !ended) return ended;
            turn = 1 - turn;
            arguments[2 + parameters] = of_state[turn];
            if (by_blocks && (t == 0 || (count - t) % longest_block == 0))
                add_block(of_parameters[turn], x.result[3], t == 0);
        }
        return {};
    }
    // Adds a block's sums to those of all blocks, whose last gives the total.
    template <class T>
    static constexpr void add_block(T* block, T* all, bool last) noexcept {
        for (int i = 0; i < all_parameters; ++i) {
            compensated_sum<T> sum{all[i], all[all_parameters + i]};
            sum.add(block[i]);
            all[i] = sum.sum;
            all[all_parameters + i] = sum.rest;
            block[i] = last ? sum.sum : T(0);
        }
    }
};

}  // namespace op

template <class Step, int Every>
inline constexpr auto ir::family_of<op::scan<Step, Every>> = ir::operation_family::scan;

namespace kernel {

template <class Step, int Every>
struct dense_kernel<op::scan<Step, Every>> {
    using operation = op::scan<Step, Every>;
    template <class Node>
    static constexpr bool here = operation::gives_states && Node::shape(1).d[0] == 1;
    template <class Node, class V>
    [[gnu::always_inline]] static status run(operands<simd::value_t<V>> const& x) noexcept {
        if constexpr (here<Node>)
            return one_step<V>(x);
        else
            return steps<V>(x);
    }
    // One step, as a stream takes it.
    template <class V>
    [[gnu::always_inline]] static status one_step(operands<simd::value_t<V>> const& x) noexcept {
        using run = typename operation::run;
        std::array<void const*, 2 + Step::parameters> arguments;
        unrolled<2>([&](auto k) __attribute__((always_inline)) { give<run>(arguments[k], x.argument[k]); });
        unrolled<Step::parameters>([&](auto k) __attribute__((always_inline)) {
            give<run>(arguments[2 + k], x.argument[2] + Step::begins[k]);
        });
        void* const outputs[]{x.result[0]};
        status const ended = run_within<run, V>({arguments.data(), outputs, reinterpret_cast<std::byte*>(x.panels)});
        if (!ended) return ended;
        if (x.result[1]) paramorph::detail::copy_elements(x.result[0], x.result[1], Step::state_size);
        if (x.result[2]) paramorph::detail::copy_elements(x.argument[0], x.result[2], Step::state_size);
        return {};
    }
    template <class V>
    static status steps(operands<simd::value_t<V>> const& x) noexcept {
        using run = typename operation::run;
        auto* const own = reinterpret_cast<std::byte*>(x.panels);
        return operation::steps(x, operation::spare::in(own + paramorph::detail::own_bytes<run>),
                                paramorph::detail::compiled_program<run, V>{own});
    }
};

template <class Step, int Every, bool OfOutput>
struct dense_kernel<op::scan_adjoint<Step, Every, OfOutput>> {
    using operation = op::scan_adjoint<Step, Every, OfOutput>;
    using body = typename operation::body;
    template <class Node, class V>
    static status run(operands<simd::value_t<V>> const& x) noexcept {
        return steps<V>(x);
    }
    template <class V>
    static status steps(operands<simd::value_t<V>> const& x) noexcept {
        auto* const own = reinterpret_cast<std::byte*>(x.panels);
        return operation::steps(
            x, operation::spare::in(own + paramorph::detail::own_bytes<body, typename operation::again>),
            paramorph::detail::compiled_program<body, V>{own},
            paramorph::detail::compiled_program<typename operation::again, V>{own});
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
