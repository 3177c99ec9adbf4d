// scan(cell, state, inputs, parameters...): a cell over time.
//
//     struct cell {  // h = tanh(w h + u x)
//         constexpr auto operator()(auto h, auto x, auto w, auto u) const {
//             auto const next = pm::tanh(pm::matmul(w, h) + pm::matmul(u, x));
//             return std::tuple{next, next};
//         }
//     };
//     auto const [last, ys] = pm::scan(cell{}, h0, xs, w, u);   // in a forward, a loss or a pm::function
//
// The cell takes the state, the step's input, and the parameters, which are the same in every step; it gives a
// std::tuple of the next state and the step's result. It holds nothing and is constexpr: a struct or a lambda without
// captures. Step t sees xs[t]. The results are the last state, and the steps' results one after the other. A parameter
// is any traced tensor: one that is computed, such as a parametrized weight, is computed once, before the first step,
// and so is its gradient, after the last. So is what the cell itself computes of parameters alone
// (scan_invariants.hpp).
//
// Shapes: state [s...], inputs [t, x...], parameters any; cell: [s...], [x...], ... -> ([s...], [y...]); result [s...],
// [t, y...]. Inputs and the steps' results have at most three axes beside time. A state of several tensors is one
// tensor of which the cell takes parts (pm::slice, pm::select).
//
// pm::scan(pm::checkpoint<16>(cell{}), ...) saves the state before every 16th step only: its gradient computes the
// states between two of them again, a segment at a time from the last, so each step but a segment's last runs once
// more. The numbers are the same.
//
// Gradient: through all steps, from the last state and every step's result, to the first state, the inputs and the
// parameters; a gradient has none itself. Errors: the compiler's for a cell that does not fit; where an operation of
// the cell fails in a step (a singular matrix) the program does, with that operation's sentence. Two lambdas that are
// printed alike are two cells, but for g++ with -fsanitize=undefined, which takes a struct for each.
//
// Cost: the cell, and its gradient, are compiled once each, whatever t is, and run t times. Memory: with a gradient t
// states, by segments of k steps t / k + k of them (least for k near the root of t), without one two; what a step needs
// for itself is part of the program's workspace. Several parameters are put into one row, once a call. Of more than 96
// steps the parameters' gradient is added by blocks of 64, and takes twice their memory more: its error does not grow
// with the steps. Products of the inputs alone are cheaper for all steps at once, before the scan: pm::matmul(xs,
// pm::transpose(u)). Example: examples/scan.cpp. Source: jax.lax.scan.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/scan_invariants.hpp"
#include "paramorph/nn/scan_operations.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A cell of which the state before every `Every`-th step is saved.
template <int Every, class Cell>
struct checkpointed : Cell {};
template <class Cell>
struct segments_of {
    using cell = Cell;
    static constexpr int every = 1;
};
template <int Every, class Cell>
struct segments_of<checkpointed<Every, Cell>> {
    using cell = Cell;
    static constexpr int every = Every;
};

// The shape of one step of what has a leading axis.
template <class Shape>
struct shape_of_step {
    static constexpr extents value() {
        extents s{Shape::rank - 1, {}};
        for (int k = 0; k < s.rank; ++k) s.d[k] = Shape::value.d[k + 1];
        return s;
    }
};

template <class Cell, class... X>
inline constexpr bool cell_is_sound = requires(X... x) { Cell{}(x...); } && requires(X&&... x) { Cell{}(x...); };
template <class Cell, class... X>
constexpr bool rehearse_cell() {
    static_cast<void>(Cell{}(X{}...));
    return true;
}
template <class Cell, class... X>
concept cell_is_constant = requires { typename std::bool_constant<rehearse_cell<Cell, X...>()>; };

// Is what a cell gives a next state and a result? Where not, the compiler says what it is.
template <class Result, class State>
constexpr bool is_step_result() {
    using r = results<Result>;
#define PARAMORPH_STEP_RESULT                                                                            \
    "scan: the cell must return two traced tensors, the next state and the step's result: write return " \
    "std::tuple{next, y}; it returns "
    if constexpr (!r::traced) {
        using wrong = mistake<sentence(PARAMORPH_STEP_RESULT, short_type_name<Result>())>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!r::several) {
        using wrong =
            mistake<sentence(PARAMORPH_STEP_RESULT, named_operand<std::tuple_element_t<0, typename r::type>>().view())>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (r::count != 2) {
        using wrong = mistake<sentence(PARAMORPH_STEP_RESULT, "a tuple of ", r::count)>;
        using said [[maybe_unused]] = wrong::type;
    }
#undef PARAMORPH_STEP_RESULT
    else {
        using next = std::tuple_element_t<0, typename r::type>;
        using y = std::tuple_element_t<1, typename r::type>;
        if constexpr (!std::is_same_v<typename next::shape_type, typename State::shape_type> || !r::one_type ||
                      !std::is_same_v<typename next::value_type, typename State::value_type>) {
            using wrong = mistake<sentence("scan: the cell's next state must be like its state: the state is ",
                                           named_operand<State>().view(), ", the next ", named_operand<next>().view())>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (y::rank >= max_rank) {
            using wrong =
                mistake<sentence("scan: the result of a step has at most three axes, since time is one more: it is ",
                                 y::shape_type::value)>;
            using said [[maybe_unused]] = wrong::type;
        } else
            return true;
    }
    return false;
}

// Does a cell fit these operands? Where not, the compiler says what met.
template <class Cell, class State, class Inputs, class... Parameter>
constexpr bool scans() {
    using T = typename State::value_type;
    if constexpr (!std::is_empty_v<Cell> || !std::is_default_constructible_v<Cell>) {
        using wrong = mistake<sentence(
            "scan: the cell must not capture: pass what it needs beside state and input as further arguments, "
            "pm::scan(cell, state, inputs, weight), and take them as further parameters; this holds ",
            sizeof(Cell), " bytes")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!(real<T> && std::is_same_v<typename Inputs::value_type, T> &&
                           (std::is_same_v<typename Parameter::value_type, T> && ...))) {
        using wrong = mistake<sentence("scan: state, inputs and parameters must be float, or all double: they are ",
                                       named_operands<State, Inputs, Parameter...>().view())>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (Inputs::rank == 0) {
        using wrong = mistake<sentence("scan: the inputs have no leading axis, which is time: they are ",
                                       named_operand<Inputs>().view(), "; step t sees inputs[t]")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else {
        using x = symbol<shape_by<shape_of_step<typename Inputs::shape_type>>, T>;
        using h = symbol<typename State::shape_type, T>;
        if constexpr (!cell_is_sound<Cell, h, x, symbol<typename Parameter::shape_type, T>...>) {
            if constexpr (!call_takes<Cell, h, x, symbol<typename Parameter::shape_type, T>...>()) {
                using wrong = mistake<sentence(
                    "scan: the cell does not take the state, the step's input and ",
                    counted(sizeof...(Parameter), " parameter").view(),
                    ": its parameters must be auto, and it must be const: write [](auto state, auto input",
                    sizeof...(Parameter) > 0 ? ", auto weight" : "", sizeof...(Parameter) > 1 ? ", ..." : "",
                    ") { ... }")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return false;
        } else if constexpr (!is_step_result<std::remove_cvref_t<decltype(Cell{}(
                                                 h{}, x{}, symbol<typename Parameter::shape_type, T>{}...))>,
                                             h>())
            return false;
        else if constexpr (!cell_is_constant<Cell, h, x, symbol<typename Parameter::shape_type, T>...>) {
            using wrong = mistake<sentence(
                "scan: the cell cannot be evaluated while compiling: write constexpr for its call operator "
                "and for every function that it calls; its state is ",
                State::shape_type::value)>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return true;
    }
}

template <class Cell, class State, class Inputs, class... Parameter>
constexpr auto scan_of(State const& state, Inputs const& inputs, Parameter const&... parameters) {
    using segments = segments_of<Cell>;
    using step =
        program::scan_step<typename segments::cell, typename State::value_type, typename State::shape_type,
                           shape_by<shape_of_step<typename Inputs::shape_type>>, typename Parameter::shape_type...>;
    return with_invariants_before<step>(
        graph_of(state, inputs, parameters...),
        [&]<class Step, class... P>(std::type_identity<Step>, P const&... p) {
            using scan = op::scan<Step, segments::every>;
            if constexpr (sizeof...(P) == 0)
                return apply<scan, attributes{}, 2>(state, inputs);
            else
                return apply<scan, attributes{}, 2>(state, inputs, pack_flat(p...));
        },
        parameters...);
}

}  // namespace detail

// The same cell, whose gradient saves the state before every `Every`-th step of a scan.
template <int Every, class Cell>
constexpr detail::checkpointed<(Every < 1 ? 1 : Every), Cell> checkpoint(Cell const&) {
    static_assert(Every >= 1, "checkpoint: the number of steps between two saved states must be 1 or more");
    static_assert(std::is_empty_v<Cell> && std::is_default_constructible_v<Cell>,
                  "checkpoint: the cell must not capture: pass what it needs to pm::scan as further arguments");
    return {};
}

template <class Cell, traced State, traced Inputs, traced... Parameter>
constexpr auto scan(Cell const&, State const& state, Inputs const& inputs, Parameter const&... parameters) {
    if constexpr (detail::scans<Cell, detail::operand_type<State>, detail::operand_type<Inputs>,
                                detail::operand_type<Parameter>...>())
        return detail::scan_of<Cell>(detail::as_operand(state), detail::as_operand(inputs),
                                     detail::as_operand(parameters)...);
    else
        return std::tuple{detail::as_operand(state), detail::as_operand(inputs)};
}

}  // namespace paramorph::inline PARAMORPH_ABI
