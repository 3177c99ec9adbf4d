// Storage of tensors without xtensor: plain row-major arrays of static shape, literal types, for targets. The names are
// those of compat/xtensor.hpp, which includes this header when PARAMORPH_EMBED is defined.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <type_traits>

#include "paramorph/core/element.hpp"
#include "paramorph/core/shape.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The elements of a tensor, row by row.
template <class Shape, class T = float>
struct array {
    using shape_type = Shape;
    using value_type = T;
    T elements[Shape::size]{};

    constexpr T* data() { return elements; }
    constexpr T const* data() const { return elements; }
    static constexpr std::size_t size() { return std::size_t(Shape::size); }
    constexpr T* begin() { return elements; }
    constexpr T* end() { return elements + Shape::size; }
    constexpr T const* begin() const { return elements; }
    constexpr T const* end() const { return elements + Shape::size; }
    constexpr T& operator[](std::size_t i) { return elements[i]; }
    constexpr T const& operator[](std::size_t i) const { return elements[i]; }
};

#ifdef PARAMORPH_EMBED
template <class Shape, class T>
struct kept_container : array<Shape, T> {
    constexpr kept_container() = default;
    constexpr kept_container(array<Shape, T> const& x) : array<Shape, T>(x) {}
    static constexpr bool has_own_shape() { return true; }
};

namespace detail {

template <class X>
struct static_shape {
    using type = void;
};
template <class Shape, class T>
struct static_shape<array<Shape, T>> {
    using type = Shape;
};
template <class Shape, class T>
struct static_shape<kept_container<Shape, T>> {
    using type = Shape;
};

}  // namespace detail

template <class Shape, class T = float>
using container = array<Shape, T>;

template <class Shape, class T = float>
constexpr container<Shape, T> make_container() {
    return {};
}

template <class X>
using static_shape_of = typename detail::static_shape<std::remove_cvref_t<X>>::type;

template <class X>
concept fixed_container = !std::is_void_v<static_shape_of<X>>;
template <class X>
concept array_expression = fixed_container<X>;
template <class X>
concept dynamic_container = false;

template <array_expression X, class T>
constexpr void copy_row_major(X const& x, T* to) {
    for (auto const& e : x) *to++ = static_cast<T>(e);
}
template <array_expression X>
constexpr auto row_major_element(X const& x, int index) {
    auto e = x.begin();
    while (index-- > 0) ++e;
    return *e;
}

template <class Shape, class X>
constexpr bool has_shape(X const&) {
    return std::is_same_v<static_shape_of<X>, Shape>;
}
template <class Shape, class X>
constexpr X const& of_shape(X const& x) {
    return x;
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
