// What arrays of other libraries have, for views.hpp: concepts of Eigen's matrices and of std::mdspan, none of which is
// included; whether what they refer to outlives a view, and whether their rows follow one another without gaps.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <type_traits>

#include "paramorph/compat/xtensor.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

[[noreturn]] inline void refuse_view(std::string const& why) {
    throw error("view: " + why);
}
inline std::string extents_text(auto const& extents) {
    char text[128];
    write_extents(text, extents, std::size(extents));
    return text;
}

// Is there memory that numbers of a type can be read from?
template <class T>
void require_numbers(T const* at, std::size_t count) {
    if (count == 0) return;
    if (!at) refuse_view("the address is null; give that of " + std::to_string(count) + " numbers");
    if (reinterpret_cast<std::uintptr_t>(at) % alignof(T) != 0)
        refuse_view("the address is not aligned: expected a multiple of " + std::to_string(alignof(T)) +
                    ", as each number of the type has; copy the bytes into an array of it first");
}

// Eigen's dense expressions that have memory.
template <class M>
concept eigen_like = requires(M const& m) {
    { M::RowsAtCompileTime } -> std::convertible_to<int>;
    { M::ColsAtCompileTime } -> std::convertible_to<int>;
    { M::IsRowMajor } -> std::convertible_to<bool>;
    m.data();
    m.innerStride();
    m.outerStride();
};
// Eigen's matrices that own their memory.
template <class M>
concept eigen_owner =
    eigen_like<M> && requires { typename M::PlainObject; } && std::is_same_v<M, typename M::PlainObject>;
template <class M>
concept mdspan_like = requires(M const& m) {
    m.data_handle();
    m.extent(0);
    m.stride(0);
    { M::rank() } -> std::convertible_to<std::size_t>;
    { M::static_extent(0) } -> std::convertible_to<std::size_t>;
};

// Are the numbers still there when a view of them is used?
template <class Numbers>
inline constexpr bool outlives_view =
    std::is_lvalue_reference_v<Numbers> || std::is_trivially_copyable_v<std::remove_cvref_t<Numbers>> ||
    (eigen_like<std::remove_cvref_t<Numbers>> && !eigen_owner<std::remove_cvref_t<Numbers>>);

// The first element of an array whose rows follow one another without gaps.
auto* first_of_rows(auto& a, char const* what) {
    std::size_t run = 1;
    for (std::size_t k = a.dimension(); k-- > 0; run *= a.shape()[k])
        if (a.shape()[k] > 1 && static_cast<std::size_t>(a.strides()[k]) != run)
            fail_with({what, ": the array is not row after row without gaps; evaluate it first"});
    return a.data() + a.data_offset();  // a view of xtensor's has the address of what it is of
}

// A type made of an address of such numbers, which are not copied into it.
template <class Target, class P>
inline constexpr bool refers_to =
    !eigen_owner<Target> && (mdspan_like<Target> || std::is_constructible_v<Target, P, std::size_t> ||
                             std::is_constructible_v<Target, P, std::ptrdiff_t, std::ptrdiff_t>);

// A Map whose strides are those of rows without gaps.
template <class Map>
Map checked_strides(Map m) {
    bool const is_vector = m.rows() == 1 || m.cols() == 1;
    if (m.size() > 0 && (m.innerStride() != 1 || (!is_vector && m.outerStride() != m.cols())))
        refuse_view("the map has strides of its own: leave them out");
    return m;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
