// A function called with the elements of a tuple, none of which is moved from; else as std::apply: two functions to
// compile, where that has four and asks of each call whether it throws.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class F, class Tuple, std::size_t... I>
constexpr decltype(auto) unpacked_at(F& f, Tuple& t, std::index_sequence<I...>) {
    return f(std::get<I>(t)...);
}
template <class F, class Tuple>
constexpr decltype(auto) unpacked(F&& f, Tuple&& t) {
    return detail::unpacked_at(f, t,
                               std::make_index_sequence<std::tuple_size<std::remove_reference_t<Tuple>>::value>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
