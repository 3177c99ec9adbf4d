// value_and_grad(f) of a function of arrays: its value and its gradient with respect to every input.
//
//     auto fit = pm::value_and_grad([](auto a, auto b) { return pm::sum(pm::square(pm::matmul(a, b))); });
//     auto const [value, gradient] = fit(a, b);           // a, b: xt::xtensor_fixed<float, ...>
//     auto const& [of_a, of_b] = gradient;                // arrays in the shapes of a and b
//
// Shapes are static, or named for arrays whose extents are known at run time,
// `pm::value_and_grad<pm::shape<64, 64>>(f)`. The function gives a scalar, captures nothing, and its parameters are
// `auto`, see function.hpp. With one input that is real the gradient is one array (a number of a scalar input), else a
// std::tuple in the order of the inputs; labels (std::int32_t) are inputs without a gradient and have no place in it.
// Where the value does not depend on an input its gradient is zeros. Results are values of their own; threads may share
// one object. A function of a network and inputs, with the gradient of its parameters, is a loss: value_and_grad.hpp.
// Errors: the compiler's as for `pm::function`; pm::error where an operation fails. Cost: a call runs one compiled
// program, the value and all gradients; results up to 1 KiB and a workspace that fits on the stack are no allocation.
// Example: examples/functions.cpp.
// Source: jax.value_and_grad.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/function.hpp"
#include "paramorph/nn/gradient_program.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a call answers: the value, a number, and the gradient, an array or a tuple of arrays.
template <class Value, class Gradient>
struct value_and_gradient_of_inputs {
    Value value;
    Gradient gradient;
};

// What value_and_grad(f) gives: called with arrays, it gives the value and the gradient. It has no state.
template <class F, class... Shape>
class function_gradient {
  public:
    // The program for these inputs.
    template <class... Input>
    using program_for = program::value_and_gradient_of_inputs<F, Input...>;

    template <array_expression... X>
    auto operator()(X const&... x) const {
        using named = detail::inputs_of_shapes<"value_and_grad", Shape...>;
        constexpr bool fixed = sizeof...(Shape) > 0 || (fixed_container<X> && ...);
        static_assert(fixed,
                      "value_and_grad: the inputs' shapes must be static (xt::xtensor_fixed), or named, as in "
                      "pm::value_and_grad<pm::shape<64, 64>>(f)");
        if constexpr (!fixed)
            return nothing{};
        else if constexpr (sizeof...(Shape) == 0)
            return of_arrays<input<static_shape_of<X>, typename X::value_type>...>(x.data()...);
        else if constexpr (named::template take<X...>())
            return std::apply([](auto... at) { return of_arrays<input<Shape, typename X::value_type>...>(at...); },
                              named::elements(x...));
        else
            return nothing{};
    }

  private:
    using nothing = value_and_gradient_of_inputs<float, float>;  // after a mistake
    template <class Input>
    using gradient_list =
        std::conditional_t<real<typename Input::value_type>, std::tuple<typename Input::symbol_type>, std::tuple<>>;

    template <class... Input>
    static auto of_arrays(typename Input::value_type const*... x) {
        if constexpr (detail::real_inputs<Input...>::count == 0) {
            using wrong = detail::mistake<detail::sentence(
                "value_and_grad: none of the inputs has a gradient: at least one must be float or double, and of ",
                sizeof...(Input), " none is")>;
            using said [[maybe_unused]] = wrong::type;
            return nothing{};
        } else if constexpr (!detail::loss_takes_inputs<F, detail::no_members, Input...>())
            return nothing{};
        else if constexpr (!detail::loss_gives<detail::function_result<F, detail::no_members, Input...>>::value)
            return nothing{};
        else {
            using P = program_for<Input...>;
            using all = decltype(std::tuple_cat(std::declval<std::tuple<typename P::result>>(),
                                                std::declval<gradient_list<Input>>()...));
            auto y = detail::results_written<all>([&](void* const* outputs) {
                detail::run_call<P>(detail::on_this_thread{}, std::array<void const*, 0>{}, outputs, x...);
            });
            return std::apply(
                [](auto& value, auto&... gradient) {
                    auto g = gathered(std::move(gradient)...);
                    return value_and_gradient_of_inputs<std::remove_reference_t<decltype(value)>, decltype(g)>{
                        value, std::move(g)};
                },
                y);
        }
    }
    template <class... G>
    static auto gathered(G&&... g) {
        if constexpr (sizeof...(G) == 1)
            return (std::move(g), ...);
        else
            return std::tuple<G...>{std::move(g)...};
    }
};

template <class... Shape, class F>
auto value_and_grad(F const&) {
    if constexpr (detail::is_captureless<F, "value_and_grad">())
        return function_gradient<F, Shape...>{};
    else
        return detail::refused_function{};
}

}  // namespace paramorph::inline PARAMORPH_ABI
