// The program of a training step: a loss and its gradient with respect to a network's originals. Errors: a loss that is
// no scalar, that has another element type, that does not take the inputs or cannot be evaluated while compiling is the
// compiler's. Cost: the loss, and its gradient, which is two to three times as much for products; values that the
// gradient reads are kept in the workspace. Source: torch.autograd.backward; reverse accumulation, Griewank and Walther
// 2008, "Evaluating derivatives".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/unpacked.hpp"
#include "paramorph/nn/accepts.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Which inputs are real: those have a gradient, labels have none.
template <class... Input>
struct real_inputs {
    static constexpr int count = (0 + ... + int(real<typename Input::value_type>));
    int at[count + 1]{};
    constexpr real_inputs() {
        int position = 0, n = 0;
        ((real<typename Input::value_type> ? at[n++] = position++ : position++), ...);
    }
};

}  // namespace detail

namespace program {

// Arguments: a network's leaves, then the inputs. Outputs: the loss, what state becomes, then the gradient of each of
// the wanted leaves: `Wanted::count` of them, those at `Wanted{}.at`.
template <class Loss, class M, class Wanted, class... Input>
struct value_and_gradient_at {
    using result = detail::function_result<Loss, M, Input...>;
    using real = typename result::value_type;
    static_assert(detail::counts<M>.tensors == 0 || std::is_same_v<real, module_value_type<M>>,
                  "value_and_grad: the loss and the network's tensors must have the same element type");
    using operations = join<base_operations, typename result::operations>;
    static constexpr int originals = Wanted::count;

    // Traces into a graph. What state changes?
    static constexpr detail::state_updates trace(graph& g) {
        detail::state_updates changed;
        if constexpr (!detail::members_are_sound<M>())  // the mistake was said
            g.output(append_leaf<shape<>, real>(g, 0).id);
        else {
            M m{};
            auto const in = detail::append_inputs<Input...>(g, detail::bind_tensors<binding::originals>(m, g));
            g.output(detail::unpacked([&](auto const&... x) { return detail::apply_function<Loss>(m, x...).id; }, in));
            changed = detail::updates_of(m);
            detail::finish_trace<value_and_gradient_at>(g, changed);
        }
        return changed;
    }
    static constexpr graph traced() {
        graph g = new_graph<real>();
        trace(g);
        return g;
    }
    static constexpr detail::state_updates updates = detail::updates_by<value_and_gradient_at, M>();
    static constexpr graph value = traced();
    static constexpr graph simple = simplify_to_differentiate(value);
    static constexpr graph build() {
        graph g = simple;
        constexpr Wanted wanted;
        detail::output_gradients(g, g.outputs[0], append_constant(g, 1), wanted.at, originals);
        return g;
    }
};

// The same with respect to every trained original.
template <class Loss, class M, class... Input>
struct value_and_gradient_of : value_and_gradient_at<Loss, M, detail::trained_leaves<M>, Input...> {};

// A function of inputs alone, and its gradient with respect to every one that is real.
template <class F, class... Input>
struct value_and_gradient_of_inputs
    : value_and_gradient_at<F, detail::no_members, detail::real_inputs<Input...>, Input...> {};

}  // namespace program

namespace detail {

// Is what a loss gives a traced scalar?
template <class Result>
struct loss_gives {
    static constexpr bool value = false;
    static constexpr bool said() {
        using wrong =
            mistake<sentence("value_and_grad: the loss must return a traced scalar, as pm::mse(net(x), t) is; it "
                             "returns ",
                             short_type_name<Result>())>;
        using said [[maybe_unused]] = wrong::type;
        return true;
    }
    static_assert(said());
};
template <class S, class T, class O>
struct loss_gives<symbol<S, T, O>> {
    static constexpr bool value = S::rank == 0;
    static constexpr bool said() {
        if constexpr (S::rank != 0) {
            using wrong = mistake<sentence(
                "value_and_grad: the loss must be a scalar; reduce it with pm::mean or pm::sum: it is ", S::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(said());
};

template <class P>
concept traced_while_compiling = requires { typename std::bool_constant<(P::traced().size > 0)>; };

// Does a loss take these inputs, and does the network? Where not, the compiler says what met.
template <class Loss, class M, class... Input>
constexpr bool loss_takes_inputs() {
    using T = typename real_of_inputs<M, Input...>::type;
    constexpr bool alone = std::is_same_v<M, no_members>;
    constexpr bool elements =
        ((std::is_same_v<typename Input::value_type, T> || std::is_same_v<typename Input::value_type, std::int32_t>) &&
         ...);
    if constexpr (elements && !module_real<M>::mixed) {  // tried here first, as in nn/call.hpp
        using given = call_or_none<Loss> const&;
        if constexpr (alone)
            using tried [[maybe_unused]] = decltype(std::declval<given>()(typename Input::symbol_type{}...));
        else
            using tried [[maybe_unused]] =
                decltype(std::declval<given>()(std::declval<M const&>(), typename Input::symbol_type{}...));
    }
    if constexpr (module_real<M>::mixed)
        return false;
    else if constexpr (!elements) {
        using wrong = mistake<sentence(
            "value_and_grad: the elements of inputs must be ", name_of_element<T>,
            alone ? "" : ", as the tensors of the network are", ", or std::int32_t (labels); the inputs are ",
            listed(sentence(name_of_element<typename Input::value_type>, " ", Input::shape_type::value).view()...)
                .view())>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!is_sound<Loss, M, typename Input::symbol_type...>()) {
        if constexpr (alone) {
            if constexpr (!call_takes<Loss, typename Input::symbol_type...>())
                refuse_number_of_inputs<Loss, M, "value_and_grad", sizeof...(Input)>();
        } else if constexpr (!call_takes<Loss, M, typename Input::symbol_type...>()) {
            using wrong = mistake<sentence(
                "value_and_grad: the loss does not take the network and ", counted(sizeof...(Input), " input").view(),
                ": write [](auto& net, auto x, auto t) { ... } with one parameter for the network, then one for each "
                "array given to the step")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return false;
    } else if constexpr (!rehearsed<Loss, M, typename Input::symbol_type...>) {
        // The program is asked only where that fails, and only of a loss whose result it can take.
        if constexpr (!traced_while_compiling<program::value_and_gradient_of<Loss, M, Input...>>) {
            if constexpr (exchanges_bounds<program::value_and_gradient_of<Loss, M, Input...>>) {
                refuse_bounds<program::value_and_gradient_of<Loss, M, Input...>>();
            } else if constexpr (alone) {
                using wrong = mistake<sentence(
                    "value_and_grad: the function cannot be evaluated while compiling: write constexpr for every "
                    "function that it calls; it takes ",
                    counted(sizeof...(Input), " input").view())>;
                using said [[maybe_unused]] = wrong::type;
            } else {
                using wrong = mistake<sentence(
                    "value_and_grad: the loss of ", short_type_name<M>(),
                    " cannot be evaluated while compiling: write `constexpr auto forward(auto x) const` in each "
                    "module, and constexpr for every function that the loss calls")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return false;
        } else
            return true;
    } else
        return true;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
