// quantization_error<net, box>: how far any result of the network in eight bits, pm::quantize (embed/int8.hpp), may be
// from that of the network as it is frozen, for any input of a box. No data is needed: the bound holds for all inputs.
//
//     constexpr pm::frozen<digits::values> net;
//     constexpr auto pixels = pm::box<pm::shape<64>>::of(0, 1);
//     static_assert(pm::quantization_error<net, pixels> < 0.1);
//     double const e = pm::quantization_error_of(pm::freeze(trained), pixels);       // the same at run time
//
// It is the largest magnitude of pm::difference(net, int8, box): weights are off by known numbers, rows by at most half
// a scale, which is the largest magnitude that they may have over 127; both programs' own rounding is in it. A class
// that leads by more than twice the error in the float network leads in eight bits. Infinity where nothing is proved:
// a comparison `< c` proves, its negation does not disprove. The difference for each result: pm::proved_difference<net,
// pm::quantize<values>(), box>.
//
// Errors: those of pm::difference and pm::quantize; at run time pm::error where the network cannot be quantized. Cost:
// prove/difference.hpp. Source: prove/difference_rules.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifndef PARAMORPH_EMBED
#include <algorithm>
#include <memory>
#endif

#include "paramorph/prove/difference.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Net>
struct in_eight_bits_of {
    static constexpr bool are_known = false;
};
template <auto const& Numbers>
    requires(is_values_of_network<std::remove_cvref_t<decltype(Numbers)>>)
struct in_eight_bits_of<network_on_target<Numbers>> {
    static constexpr bool are_known = true;
    static constexpr auto in_eight_bits = quantize<Numbers>();
};
template <class Net>
constexpr bool can_be_quantized() {
    constexpr bool known = in_eight_bits_of<Net>::are_known;
    static_assert(
        known,
        "quantization_error: give a network that is frozen in its own type, constexpr pm::frozen<values> net; "
        "of what was trained: pm::frozen<pm::frozen_values<originals>>");
    if constexpr (known)
        return !std::is_same_v<decltype(in_eight_bits_of<Net>::in_eight_bits), refused_network const>;
    else
        return false;
}

template <class Net, auto const&... Box>
constexpr double quantization_error_in_steps() {
    if constexpr (can_be_quantized<Net>())
        return difference_in_steps<Net, std::remove_const_t<decltype(in_eight_bits_of<Net>::in_eight_bits)>, Box...>()
            .largest();
    else
        return math::infinity;
}

}  // namespace detail

template <auto Net, auto const&... Box>
    requires(sizeof...(Box) > 0)
inline constexpr double quantization_error =
    detail::quantization_error_in_steps<std::remove_cv_t<decltype(Net)>, Box...>();

// The same as a call, at run time or in one constant evaluation.
template <auto const& Values, class... Of>
    requires(sizeof...(Of) > 0)
constexpr double quantization_error_of(network_on_target<Values> const& net, box<Of> const&... inputs) {
    using network = network_on_target<Values>;
    if constexpr (detail::can_be_quantized<network>())
        return difference(net, detail::in_eight_bits_of<network>::in_eight_bits, inputs...).largest();
    else
        return math::infinity;
}

#ifndef PARAMORPH_EMBED
namespace detail {

// The integers of a network that was trained, made at run time, for inputs of a shape.
template <class Shape, class M>
auto quantized_at_run_time(materialized<M> const& net) {
    using in = input<Shape, module_value_type<M>>;
    auto values = std::make_unique<network_values<M>>();
    for (int k = 0; k < counts<M>.tensors; ++k)
        std::copy_n(net.data(k), network_values<M>::begin(k + 1) - network_values<M>::begin(k),
                    values->of + network_values<M>::begin(k));
    if (!all_finite(values->of, network_values<M>::count))
        fail("quantization_error: a number of the network is not finite (NaN or infinity)");
    if (!int8_sums_fit<M, in>(*values))
        fail("quantization_error: weights of a channel are so large that a product with integers overflows");
    return std::make_unique<network_int8<M, in>>(*values);
}

}  // namespace detail

template <class M, class Of>
double quantization_error_of(materialized<M> const& net, box<Of> const& input) {
    return detail::difference_of_numbers<module_value_type<M>, bounding::affine>(
               net, *detail::quantized_at_run_time<Of>(net), input)
        .largest();
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
