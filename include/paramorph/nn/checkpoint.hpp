// checkpoint(f, x, parameters...): f(x, parameters...), of which a gradient saves the arguments alone: what f computes
// on the way is computed again when its gradient is asked for, so that it needs no memory in between.
//
//     auto const y = pm::checkpoint(
//         [](auto h, auto w, auto u) { return h + pm::matmul(pm::gelu(pm::matmul(h, w)), u); }, x, w, u);
//
// f holds nothing and is constexpr: a struct or a lambda without captures; its parameters are `auto`, any traced
// tensors of one element type, float or double. It gives a traced tensor, or a std::tuple of them. A parameter that is
// computed, such as a parametrized weight, is computed once. For a cell over time see pm::checkpoint<every>(cell) in
// nn/scan.hpp.
//
// The numbers are those of f, to rounding, forward and backward. A gradient has none itself. Errors: the compiler's
// where f does not take the arguments or captures; where an operation of f fails the program's status does. Cost: f
// twice, and its gradient; the arguments are put into one row each call, the results into another. Memory: the
// arguments and results, and that of f or its gradient while it runs. f is a program of its own, that is not fused with
// what is around it. Example: examples/recompute.cpp. Source: torch.utils.checkpoint; Chen et al. 2016.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <numeric>

#include "paramorph/nn/scan.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// F as a cell of one step, which passes its state on and gives all results of F in one row.
template <class F, class Input>
struct in_one_step {
    constexpr auto operator()(auto state, auto x, auto... parameters) const {
        auto const y = F{}(reshape<Input>(x), parameters...);
        if constexpr (results<std::remove_const_t<decltype(y)>>::several)
            return std::tuple{state, std::apply([](auto const&... each) { return pack_flat(each...); }, std::tuple(y))};
        else
            return std::tuple{state, pack_flat(y)};
    }
};

// The tensors of a row, one after the other.
template <class... Shape>
constexpr auto from_row(std::tuple<Shape...>, auto const& row) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        constexpr auto begin = [](std::size_t k) {
            constexpr int size[]{Shape::size...};
            return std::accumulate(size, size + k, 0);
        };
        return std::tuple{reshape<Shape>(apply<op::unpacked, attributes{{begin(I), Shape::size}}>(row))...};
    }(std::index_sequence_for<Shape...>{});
}

template <class F, class X, class... Parameter>
constexpr auto checkpoint_of(X const& x, Parameter const&... parameters) {
    using T = typename X::value_type;
    using shape_of_x = typename X::shape_type;
    using r = results<std::remove_cvref_t<decltype(F{}(x, parameters...))>>;
    symbol<shape<>, T> const state{x.traced, x.traced ? append_constant(*x.traced, 0) : 0};
    auto const rows =
        std::get<1>(scan(in_one_step<F, shape_of_x>{}, state, reshape<shape<1, shape_of_x::size>>(x), parameters...));
    return [&]<class... Y>(std::type_identity<std::tuple<Y...>>) {
        auto const all =
            from_row(std::tuple<typename Y::shape_type...>{}, reshape<shape<(0 + ... + Y::shape_type::size)>>(rows));
        if constexpr (r::several)
            return all;
        else
            return std::get<0>(all);
    }(std::type_identity<typename r::type>{});
}

}  // namespace detail

template <class F, traced X, traced... Parameter>
constexpr auto checkpoint(F const&, X const& x, Parameter const&... parameters) {
    static_assert(std::is_empty_v<F> && std::is_default_constructible_v<F>,
                  "checkpoint: the function must not capture: pass what it needs as further arguments, "
                  "pm::checkpoint(f, x, weight), and take them as further parameters");
    if constexpr (!(std::is_empty_v<F> && std::is_default_constructible_v<F>))
        return detail::as_operand(x);
    else if constexpr (!detail::call_takes<F, detail::operand_type<X>, detail::operand_type<Parameter>...>()) {
        using wrong = detail::mistake<detail::sentence(
            "checkpoint: the function does not take the arguments, ",
            detail::named_operands<detail::operand_type<X>, detail::operand_type<Parameter>...>().view(),
            ": its parameters must be auto, one for each")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (!detail::results<std::remove_cvref_t<decltype(F{}(
                             detail::as_operand(x), detail::as_operand(parameters)...))>>::traced) {
        using wrong = detail::mistake<detail::sentence(
            "checkpoint: the function must return a traced tensor, or a std::tuple of them: it returns ",
            detail::short_type_name<
                std::remove_cvref_t<decltype(F{}(detail::as_operand(x), detail::as_operand(parameters)...))>>())>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (!detail::cell_is_constant<F, detail::operand_type<X>, detail::operand_type<Parameter>...>) {
        using wrong = detail::mistake<detail::sentence(
            "checkpoint: the function cannot be evaluated while compiling, of ",
            detail::named_operands<detail::operand_type<X>, detail::operand_type<Parameter>...>().view(),
            ": every function that it calls must be constexpr, and a module that has tensors cannot be made in it: "
            "pass ",
            "what it needs as further arguments, pm::checkpoint(f, x, weight)")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else
        return detail::checkpoint_of<F>(detail::as_operand(x), detail::as_operand(parameters)...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
