// remove_parametrizations<"weight">(layer, leave): the layer with a plain weight, as a new object of the plain type;
// `layer` stays as it is.
//
//     auto plain = pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);   // keeps the value
//     auto first = pm::remove_parametrizations<"weight">(layer, pm::leave_original);       // keeps the original
//
// Errors, by the compiler: a name that is no tensor of the layer, a tensor that is not parametrized, leave_original
// with several originals. Source: torch.nn.utils.parametrize.remove_parametrizations.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/fixed_string.hpp"
#include "paramorph/nn/linear.hpp"

namespace paramorph {

inline constexpr struct leave_parametrized_t {
} leave_parametrized{};
inline constexpr struct leave_original_t {
} leave_original{};

namespace detail {

// linear<In, Out, Options...> without the options for one tensor.
template <bool Weight, class Layer, class... Options>
struct without_option;
template <bool Weight, int In, int Out, class... Kept>
struct without_option<Weight, nn::linear<In, Out, Kept...>> {
    using type = nn::linear<In, Out, Kept...>;
};
template <bool Weight, int In, int Out, class... Kept, class Option, class... Rest>
struct without_option<Weight, nn::linear<In, Out, Kept...>, Option, Rest...>
    : std::conditional_t<(Weight ? is_weight<Option> : is_bias<Option>),
                         without_option<Weight, nn::linear<In, Out, Kept...>, Rest...>,
                         without_option<Weight, nn::linear<In, Out, Kept..., Option>, Rest...>> {};

// Writes what is to be left of `from` into a plain tensor.
template <class Tensor, class Plain, class Leave>
void leave(Tensor const& from, Plain& to, Leave) {
    static_assert(Tensor::parametrized, "remove_parametrizations: this tensor has no parametrization to remove");
    if constexpr (std::is_same_v<Leave, leave_original_t>) {
        static_assert(Tensor::original_count == 1,
                      "remove_parametrizations: the tensor has several originals, so there is no single one to leave; "
                      "use pm::leave_parametrized");
        if constexpr (Tensor::original_count == 1) to = from.original();
    } else {
        static_assert(std::is_same_v<Leave, leave_parametrized_t>,
                      "remove_parametrizations: say pm::leave_parametrized or pm::leave_original");
        to = from();
    }
}

}  // namespace detail

template <fixed_string Name, int In, int Out, class... Options, class Leave>
auto remove_parametrizations(nn::linear<In, Out, Options...> const& layer, Leave how) {
    constexpr bool weight = Name.view() == "weight",
                   bias = Name.view() == "bias" && detail::layer_options<Options...>::has_bias;
    static_assert(weight || bias, "remove_parametrizations: the layer has no tensor of this name");
    typename detail::without_option<weight, nn::linear<In, Out>, Options...>::type plain;
    if constexpr (weight) {
        detail::leave(layer.weight, plain.weight, how);
        if constexpr (detail::layer_options<Options...>::has_bias) plain.bias = layer.bias;
    } else if constexpr (bias) {
        plain.weight = layer.weight;
        detail::leave(layer.bias, plain.bias, how);
    }
    return plain;
}

}  // namespace paramorph
