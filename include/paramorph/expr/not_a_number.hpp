// What the compiler says where a tensor that is traced is used as a number, a condition or an array: in `if (x > 0)`,
// `std::exp(x)`, `x[0]`, `for (auto e : x)`, `x += y`. A base of symbols and of a module's tensors. See
// core/sentence.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <type_traits>

#include "paramorph/core/sentence.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

#define PARAMORPH_CONDITION                                                                                           \
    "a condition on a traced tensor is not true or false while compiling: write pm::where(condition, a, b) in place " \
    "of if, ?:, && and ||, pm::maximum(a, b), pm::minimum(a, b) and pm::clamp(x, low, high) in place of std::max, "   \
    "min and clamp"
#define PARAMORPH_NUMBER                                                                                           \
    "a traced tensor is not a number while compiling, so no std:: function takes it: write the pm:: function, as " \
    "pm::exp(x), pm::sqrt(x) or pm::pow(x, 2); each has its header in paramorph/op"
#define PARAMORPH_INDEX                                                                                            \
    "a traced tensor has no elements while compiling: write pm::select<axis, index>(x) or pm::slice<axis, begin, " \
    "end>(x) in place of x[i] and x(i, j)"
#define PARAMORPH_EXTENTS                                                                                          \
    "a traced tensor has its extents in its type: write pm::extents_of<decltype(x)>.size() in place of x.size(), " \
    "pm::extents_of<decltype(x)>.d[0] in place of x.shape()[0]"
#define PARAMORPH_LOOP                                                                                           \
    "a tensor has no elements to loop over: in forward, which is traced, an operation takes all of it: write "   \
    "pm::sum(x), pm::cumsum<axis>(x) or pm::select<axis, index>(x) in place of a loop; elsewhere loop over its " \
    "value, as net.weight()"
#define PARAMORPH_COMPOUND                                                                                           \
    "a traced tensor is not changed in place, since its type says what made it: write auto y = x + 1 in place of x " \
    "+= 1"

template <bool Holds>
    requires Holds
inline constexpr sentence says_condition = PARAMORPH_CONDITION;
template <bool Holds>
    requires Holds
inline constexpr sentence says_number = PARAMORPH_NUMBER;
template <class T>
inline constexpr bool is_other_number = std::is_arithmetic_v<T> && !std::same_as<T, double> && !std::same_as<T, bool>;

struct not_a_number {
    template <std::same_as<bool> Bool, sentence Says = says_condition<std::same_as<Bool, bool>>>
    constexpr explicit operator Bool() const = PARAMORPH_REFUSED(PARAMORPH_CONDITION);
    template <std::same_as<double> Number, sentence Says = says_number<std::same_as<Number, double>>>
    constexpr operator Number() const = PARAMORPH_REFUSED(PARAMORPH_NUMBER);
    template <class Number, sentence Says = says_number<is_other_number<Number>>>
        requires is_other_number<Number>
    constexpr explicit operator Number() const = PARAMORPH_REFUSED(PARAMORPH_NUMBER);
    template <sentence Says = PARAMORPH_INDEX>
    constexpr int operator[](auto const&) const = PARAMORPH_REFUSED(PARAMORPH_INDEX);
    template <sentence Says = PARAMORPH_COMPOUND>
    constexpr void operator+=(auto const&) const {
        using wrong = mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
    }
    template <sentence Says = PARAMORPH_COMPOUND>
    constexpr void operator-=(auto const&) const {
        using wrong = mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
    }
    template <sentence Says = PARAMORPH_COMPOUND>
    constexpr void operator*=(auto const&) const {
        using wrong = mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
    }
    template <sentence Says = PARAMORPH_COMPOUND>
    constexpr void operator/=(auto const&) const {
        using wrong = mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
    }
    constexpr int* end() const { return nullptr; }  // begin says it
    template <sentence Says = PARAMORPH_LOOP>
    constexpr int* begin() const {
        using wrong = mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
        return nullptr;
    }
};
struct not_an_array : not_a_number {
    template <sentence Says = PARAMORPH_INDEX>
    PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_INDEX, "error")))
    constexpr int operator()(auto const&...) const PARAMORPH_GIVES(0) template <sentence Says = PARAMORPH_EXTENTS>
    PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_EXTENTS, "error")))
    constexpr int size() const PARAMORPH_GIVES(1) template <sentence Says = PARAMORPH_EXTENTS>
    PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_EXTENTS, "error")))
    constexpr extents shape() const PARAMORPH_GIVES({})
};

#undef PARAMORPH_CONDITION
#undef PARAMORPH_NUMBER
#undef PARAMORPH_INDEX
#undef PARAMORPH_EXTENTS
#undef PARAMORPH_LOOP
#undef PARAMORPH_COMPOUND

}  // namespace paramorph::inline PARAMORPH_ABI::detail
