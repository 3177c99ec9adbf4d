// Frozen networks in eight bits: post-training quantization of the weights, a scale for each output channel, and
// integer products.
//
//     constexpr auto net = pm::quantize<digits::values>();        // a network that is called like a pm::frozen
//     static pm::workspace<net> space;
//
// Quantized is every matrix that the network only multiplies a row by, as linear layers do and recurrent layers in each
// step, and the filters of convolutions of several channels along one axis without groups; everything else (biases,
// activations, what is between layers) stays in the network's element type. Weight: q[j, k] = round(w[j, k] / s[j]),
// s[j] = max_k |w[j, k]| / 127. Rows, and the sequences that are convolved, are quantized in each call, by their own
// largest element, so no data is needed to calibrate; or at fixed scales, pm::quantize<values, box>() of
// prove/fixed_scales.hpp, or pm::quantize<values, ranges>() of known ranges (row_ranges). Error: at most half a scale
// for each integer, of subnormal numbers too; a channel of zeros gives zeros. Memory: a quarter of the weights, four
// bytes for each channel, and the rows and sequences of integers in the workspace. Values are quantized by the
// compiler; the originals' constant does not get into the image. Errors, by the compiler: a number of the network is
// not finite; a channel's weights are so large that its sums overflow; `at` another shape than the network states. In a
// call: those of pm::frozen. Cost: a product of integers for each term. Source: embed/int8_product.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_plan.hpp"
#include "paramorph/embed/network.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// How large the numbers may be that each tensor of a network multiplies: the ends of the rows' fixed scales, in member
// order; what is not quantized has any number.
template <module M>
struct row_ranges {
    using module_type = M;
    module_value_type<M> of[detail::counts<M>.tensors == 0 ? 1 : detail::counts<M>.tensors]{};
};

// The numbers of a quantized network. Fixed: with the scales of rows.
template <module M, class Input, bool Fixed = false>
struct network_int8 {
    using module_type = M;
    using value_type = module_value_type<M>;
    using plan = detail::int8_plan<M, Input, Fixed>;
    template <class... Other>
    using program_for = typename detail::int8_call_at<M, Input, Fixed, Other...>::type;
    static constexpr int parts = plan::tensors + plan::chosen.count, input_position = plan::tensors;
    template <int N, class T>
    struct block {
        T of[N == 0 ? 1 : N];
    };
    block<plan::chosen.words[plan::tensors], std::int32_t> words;
    block<plan::chosen.scales[plan::tensors], value_type> scales;
    block<plan::chosen.plain[plan::tensors], value_type> plain;

    constexpr explicit network_int8(network_values<M> const& values, row_ranges<M> const& ranges = {})
        : words{}, scales{}, plain{} {
        for (int k = 0; k < plan::tensors; ++k) {
            value_type const* const from = values.of + network_values<M>::begin(k);
            extents const& s = plan::simplified.shape_of(k);
            if (!plan::chosen.quantized[k]) {
                for (int i = 0; i < s.size(); ++i) plain.of[plan::chosen.plain[k] + i] = from[i];
                continue;
            }
            int const row = plan::row_words(s), numbers = s.size() / s.d[0];
            for (int j = 0; j < s.d[0]; ++j)
                scales.of[plan::chosen.scales[k] + j] =
                    round_row(from + j * numbers, s, words.of + plan::chosen.words[k] + j * row);
            if (plan::chosen.fixed[k]) fix(scales.of + plan::chosen.scales[k], s.d[0], ranges.of[k]);
        }
    }
    // The scale of rows whose numbers are at most `range`: in those of the outputs, and its reciprocal behind them.
    // At least such that the reciprocal is finite.
    static constexpr void fix(value_type* scales_of, int outputs, value_type range) {
        value_type const least = std::numeric_limits<value_type>::min() * 4,
                         scale = range / 127 > least ? range / 127 : least;
        for (int j = 0; j < outputs; ++j) scales_of[j] *= scale;
        scales_of[outputs] = 1 / scale;
    }
    // What makes one output, in eight bits; its scale.
    static constexpr value_type round_row(value_type const* from, extents const& s, std::int32_t* to) {
        if (s.rank == 2) return detail::round_to_words(from, s.d[1], to);
        value_type const scale = detail::scale_of_words(from, s.d[1] * s.d[2]);
        for (int k = 0; k < s.d[2]; ++k)
            detail::pack_scaled(s.d[1], scale, to + k * detail::words_of(s.d[1]),
                                [&](int c) { return from[c * s.d[2] + k]; });
        return scale;
    }
    [[gnu::always_inline]] void addresses(void const** to) const {
        kernel::unrolled<plan::tensors>([&](auto k) __attribute__((always_inline)) {
            constexpr bool quantized = plan::chosen.quantized[k];
            constexpr int begin = quantized ? plan::chosen.words[k] : plan::chosen.plain[k];
            if constexpr (quantized) {
                constexpr int scale = plan::chosen.scales[k], before = plan::quantized_before(k);
                to[k] = words.of + begin;
                to[plan::tensors + 1 + before] = scales.of + scale;
            } else
                to[k] = plain.of + begin;
        });
    }
};

namespace detail {

// Are the sums of 127 times each weight of a row, in each row that is quantized, within the range of T?
template <class M, class Input, class T>
constexpr bool int8_sums_fit(network_constants<M, binding::values, T> const& values) {
    using plan = int8_plan<M, Input>;
    for (int k = 0; k < plan::tensors; ++k) {
        if (!plan::chosen.quantized[k]) continue;
        extents const& s = plan::simplified.shape_of(k);
        T const most = std::numeric_limits<T>::max() / (T(128) * T(s.size() / s.d[0]));
        T const* const from = values.of + network_values<M>::begin(k);
        for (int i = 0; i < s.size(); ++i)
            if (from[i] > most || from[i] < -most) return false;
    }
    return true;
}

template <auto const& Values, class Input>
inline constexpr network_int8<typename std::remove_cvref_t<decltype(Values)>::module_type, Input> int8_numbers{Values};
template <auto const& Values, class Input, auto const& Ranges>
inline constexpr network_int8<typename std::remove_cvref_t<decltype(Values)>::module_type, Input, true>
    int8_fixed_numbers{Values, Ranges};

// Values that can be quantized; the shape of the input.
template <auto const& Values>
consteval bool can_quantize() {
    using M = typename std::remove_cvref_t<decltype(Values)>::module_type;
    constexpr bool states = states_input_shape<M>;
    static_assert(states, "quantize: the network must state the shape of its input: " PARAMORPH_STATE_SHAPE
                          "; one of several inputs runs by pm::frozen");
    constexpr bool finite = all_finite(Values.of, network_values<M>::count);
    static_assert(finite, "quantize: a number of the network is not finite (NaN or infinity)");
    if constexpr (states && finite)
        static_assert(int8_sums_fit<M, input<typename M::input_shape, module_value_type<M>>>(Values),
                      "quantize: weights of a channel are so large that a product with integers overflows");
    return states && finite;
}
template <auto const& Values>
struct int8_input {
    using M = typename std::remove_cvref_t<decltype(Values)>::module_type;
    using type = input<typename M::input_shape, module_value_type<M>>;
};

template <class X>
inline constexpr bool is_row_ranges = false;
template <class M>
inline constexpr bool is_row_ranges<row_ranges<M>> = true;

// Is each range that counts a number that is not negative, and each product of scales finite?
template <class M, class Input>
constexpr bool ranges_are_known(row_ranges<M> const& ranges) {
    using plan = int8_plan<M, Input, true>;
    for (int k = 0; k < plan::tensors; ++k)
        if (plan::chosen.fixed[k] &&
            !(ranges.of[k] >= 0 && ranges.of[k] <= std::numeric_limits<module_value_type<M>>::max()))
            return false;
    return true;
}
template <class M, class Input>
constexpr bool fixed_scales_fit(network_int8<M, Input, true> const& of) {
    using plan = int8_plan<M, Input, true>;
    return all_finite(of.scales.of, plan::chosen.scales[plan::tensors]);
}

}  // namespace detail

// The network in eight bits.
template <auto const& Values>
consteval auto quantize() {
    if constexpr (detail::can_quantize<Values>())
        return network_on_target<detail::int8_numbers<Values, typename detail::int8_input<Values>::type>>{};
    else
        return detail::refused_network{};
}
// The same, rows at fixed scales: the ends of their ranges over 127.
template <auto const& Values, auto const& Ranges>
    requires(detail::is_row_ranges<std::remove_cvref_t<decltype(Ranges)>>)
consteval auto quantize() {
    using M = typename std::remove_cvref_t<decltype(Values)>::module_type;
    constexpr bool same = std::is_same_v<M, typename std::remove_cvref_t<decltype(Ranges)>::module_type>;
    static_assert(same, "quantize: the ranges are those of another network; make them of the same values");
    if constexpr (same && detail::can_quantize<Values>()) {
        using in = typename detail::int8_input<Values>::type;
        constexpr bool known = detail::ranges_are_known<M, in>(Ranges);
        static_assert(known,
                      "quantize: nothing bounds what a weight multiplies, so it has no fixed scale: a range is not "
                      "finite; give a smaller box, or pm::quantize<values>(), which finds the scale in each call");
        if constexpr (known) {
            static_assert(detail::fixed_scales_fit(detail::int8_fixed_numbers<Values, in, Ranges>),
                          "quantize: a fixed scale and the scale of a weight are so large that their product "
                          "overflows; give a smaller box");
            return network_on_target<detail::int8_fixed_numbers<Values, in, Ranges>>{};
        } else
            return detail::refused_network{};
    } else
        return detail::refused_network{};
}

}  // namespace paramorph::inline PARAMORPH_ABI
