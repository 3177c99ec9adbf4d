// pm::invertible<Net>: is the network one to one, whatever its weights are? From the sets of its weights and the types
// of its layers. Net is a module type with a stated input shape, or pm::called_with<Net, pm::shape<...>>. In the
// compiler's error, where it is not proved, a sentence names the layer that spoils it:
//
//     static_assert(pm::proved<pm::claim::invertible, Net>);
//     pm::why_not<pm::claim::invertible, Net>     the same as a std::string_view; empty where it is proved
//
// What is known to be one to one: linear with a square weight of an invertible set (invert/linear.hpp), identity, tanh,
// sigmoid, softplus, elu and leaky_relu that rise, coupling, flatten and unflatten, residual around what has a
// Lipschitz bound below 1, sequential of these, and a module that states its own inverse (invert/bijection.hpp), which
// is believed. One to one onto its image: tanh gives numbers between -1 and 1 only. It is said of the exact function.
// Errors: the compiler's where the claim is not proved, with the layer that spoils it. Cost: none at run time. Source:
// Papamakarios et al. 2021, "Normalizing flows for probabilistic modeling and inference".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/layers.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class M, class... X>
constexpr sentence why_not_one_to_one(shapes<X...>) {
    return sentence("invertible: not proved: the network takes ", sizeof...(X), " inputs, and must take one");
}
template <class M, class X>
constexpr sentence why_not_one_to_one(shapes<X>) {
    using T = module_value_type<M>;
    constexpr sentence why = why_not_invertible<layers_of<M, T, X>, T>();
    return why.view().empty() ? sentence() : sentence("invertible: not proved: ", why.view());
}

}  // namespace detail

namespace claim {

struct invertible {
    template <class Net>
    static constexpr detail::sentence reason =
        detail::why_not_one_to_one<typename detail::asked_network<Net>::module_type>(
            typename detail::asked_network<Net>::input_shapes{});
    template <class Net>
    static constexpr bool holds = reason<Net>.view().empty();
    template <class Net>
    static constexpr detail::sentence why_not() {
        return reason<Net>;
    }
};

}  // namespace claim

template <class Net>
inline constexpr bool invertible = claim::invertible::holds<Net>;

}  // namespace paramorph::inline PARAMORPH_ABI
