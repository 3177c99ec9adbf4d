// Frozen networks whose weights are stored as bfloat16 or float16, or in eight bits with scales
// (embed/int8_storage.hpp), and whose arithmetic stays in float.
//
//     constexpr auto half = pm::stored_as<pm::bfloat16, digits::values>();   // called like a pm::frozen
//     static pm::workspace<half> space;
//     static_assert(2 * pm::flash_bytes<half> == pm::flash_bytes<digits::network>);
//
// All values of the network are rounded once, to the nearest, by the compiler (core/storage.hpp); the constant that
// they came from does not get into the image. Values may be those of a file (`pm::values_from<M, File>`,
// embed/tensor_file.hpp) that are not in eight bits there. Every load converts, which is exact: the result is, to the
// bit, that of a pm::frozen of the rounded values. Shapes, `at`, several inputs, and what a call refuses: those of
// pm::frozen.
//
// Accuracy: bfloat16 has 8 significant bits, a relative error of at most 2^-9, over the range of float; float16 has 11,
// at most 2^-12, from 2^-14 to 65504, and below that an absolute error of at most 2^-25. Memory: half the flash of
// float. Nothing is added to the workspace, but a copy of a matrix that an operation other than a product reads as a
// whole (an inverse, filters, the weights of a recurrent layer), which `ram_bytes` has. Errors, by the compiler: a
// number of the network is not finite; it is beyond the largest number of the type; it is given what are not the values
// of a network in its own type. Cost: a conversion for each number that is loaded. Source: IEEE 754 binary16; bfloat16,
// Wang and Kanwar 2019.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_storage.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Values [begin, begin + Count) in 16 bits. Compilers limit each evaluation, so blocks are constants of their own.
template <class S, int Count>
struct rounded_block {
    S of[Count == 0 ? 1 : Count]{};
    rounding_problem problem = rounding_problem::none;

    template <class T>
    constexpr rounded_block(T const* from) {
        if (!all_finite(from, Count)) problem = rounding_problem::not_finite;
        for (int i = 0; i < Count && problem == rounding_problem::none; ++i) {
            of[i] = S(from[i]);
            if ((of[i].bits & 0x7fff) == S(std::numeric_limits<float>::infinity()).bits)
                problem = rounding_problem::too_large;
        }
    }
};

template <class S, auto const& Values>
struct rounding {
    using numbers = std::remove_cvref_t<decltype(Values)>;
    static constexpr int count = numbers::count, most = 2048;
    template <int B>
    static constexpr rounded_block<S, block_size<rounding, B>> block{Values.of + B * most};
    static constexpr rounding_problem problem = []<int... B>(std::integer_sequence<int, B...>) {
        rounding_problem worst = rounding_problem::none;
        ((worst = worst == rounding_problem::none ? block<B>.problem : worst), ...);
        return worst;
    }(std::make_integer_sequence<int, block_count<rounding>>{});
    static constexpr auto all =
        joined_blocks<network_constants<typename numbers::module_type, binding::values, S>, rounding>();
    // As they are read.
    static constexpr auto values = [] {
        network_values<typename numbers::module_type> x{};
        for (int i = 0; i < count; ++i) x.of[i] = static_cast<typename numbers::value_type>(float(all.of[i]));
        return x;
    }();
};
template <auto const& Values>
struct rounding<std::int8_t, Values> : rounding_to_int8<Values> {};

template <class X>
inline constexpr bool is_values_of_network = false;
template <class M>
inline constexpr bool is_values_of_network<network_values<M>> = true;

// The constant that numbers are rounded from: themselves, or what a file that holds values in a type of their own says.
template <auto const& Values>
constexpr auto const& constants_of() {
    using given = std::remove_cvref_t<decltype(Values)>;
    if constexpr (requires { requires given::bound == binding::values && sizeof(typename given::decoded) > 0; })
        return given::decoded::values;
    else
        return Values;
}

template <class S>
constexpr std::string_view largest_stored() {
    return std::is_same_v<S, float16>    ? ", 65504; pm::bfloat16 has the range of float"
           : std::is_same_v<S, bfloat16> ? ", 3.39e38; scale the weights"
                                         : " with a scale; scale the weights";
}

}  // namespace detail

// The values of a network as they are stored in S, in the network's own type: pm::frozen of them gives the same result.
template <class S, auto const& Values>
    requires(narrow<S> && detail::is_values_of_network<std::remove_cvref_t<decltype(detail::constants_of<Values>())>>)
inline constexpr auto const& rounded_values = detail::rounding<S, detail::constants_of<Values>()>::values;

// The network with its values rounded to S, and stored so.
template <class S, auto const& Values>
consteval auto stored_as() {
    constexpr bool values = detail::is_values_of_network<std::remove_cvref_t<decltype(detail::constants_of<Values>())>>;
    constexpr bool is_narrow = narrow<S>;
    static_assert(is_narrow, "stored_as: a network is stored as pm::bfloat16, pm::float16 or std::int8_t");
    static_assert(values,
                  "stored_as: give the values of a network, pm::stored_as<pm::bfloat16, digits::values>(); of what was "
                  "trained these are pm::frozen_values<trained::originals>, of a file pm::values_from<model, "
                  "digits::file>, whose header was written without --as int8");
    if constexpr (is_narrow && values) {
        using rounded = detail::rounding<S, detail::constants_of<Values>()>;
        using detail::rounding_problem;
        static_assert(rounded::problem != rounding_problem::not_finite,
                      "stored_as: a number of the network is not finite (NaN or infinity)");
        if constexpr (rounded::problem == rounding_problem::too_large) {
            using wrong =
                detail::mistake<detail::sentence("stored_as: a number of the network is beyond the largest of ",
                                                 name_of_element<S>, detail::largest_stored<S>())>;
            using said [[maybe_unused]] = wrong::type;
        }
        if constexpr (rounded::problem == rounding_problem::none)
            return network_on_target<rounded::all>{};
        else
            return detail::refused_network{};
    } else
        return detail::refused_network{};
}

}  // namespace paramorph::inline PARAMORPH_ABI
