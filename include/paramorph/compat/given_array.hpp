// What is asked of an array that is given: its extents, and its elements.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdio>

#include "paramorph/core/error.hpp"
#include "paramorph/core/shape.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Has an array the elements that its extents say? One of xtensor that was moved from has its extents yet.
template <class X>
bool has_elements(X const& x) {
    if constexpr (requires { x.storage().size(); }) {
        if (x.storage().size() > 0) return true;
        for (auto const e : x.shape())
            if (e == 0) return true;
        return false;
    } else
        return true;
}
inline constexpr char const* without_elements =
    "an array that is given has no elements, as it was moved from: give the array that has them now";
template <class X>
void require_elements(X const& x) {
    if (!has_elements(x)) fail_with({without_elements});
}

// Do an array's run-time extents equal S?
template <class Shape, class X>
bool has_shape(X const& x) {
    if (x.dimension() != Shape::rank) return false;
    for (std::size_t k = 0; k < Shape::rank; ++k)
        if (static_cast<std::size_t>(x.shape()[k]) != static_cast<std::size_t>(Shape::value.d[k])) return false;
    return true;
}

namespace detail {
// Extents as sentences name them; of very many, the first ones.
template <std::size_t N>
void write_extents(char (&text)[N], auto const& extents, std::size_t rank) {
    int length = std::snprintf(text, N, "[");
    for (std::size_t k = 0; k < rank && length < int(N) - 24; ++k)
        length +=
            std::snprintf(text + length, N - length, k > 0 ? ", %lld" : "%lld", static_cast<long long>(extents[k]));
    std::snprintf(text + length, N - length, "]");
}
[[noreturn]] void refuse_shape(auto const& found, std::size_t found_rank, char const* owner, auto const& expected,
                               std::size_t expected_rank) {
    char texts[2][128];
    write_extents(texts[0], found, found_rank);
    write_extents(texts[1], expected, expected_rank);
    fail_with({"assignment: the array's shape, ", texts[0], ", differs from that of ", owner, ", ", texts[1],
               ". Nothing was changed"});
}
}  // namespace detail

// An array that is assigned to what has this shape.
template <class Shape, class X>
X const& of_shape(X const& x, char const* owner = "the tensor") {
    require_elements(x);
    if (!has_shape<Shape>(x)) detail::refuse_shape(x.shape(), x.dimension(), owner, Shape::value.d, Shape::rank);
    return x;
}

}  // namespace paramorph::inline PARAMORPH_ABI
