// xtensor: storage of tensors and what values are handed out as. Shapes are static: up to 1 KiB a tensor is an
// xtensor_fixed inside its owner, beyond that an xtensor allocated once. Header layouts before and after 0.26 are both
// served. All of it is row-major, whatever XTENSOR_DEFAULT_LAYOUT says. With PARAMORPH_EMBED, which embed.hpp defines,
// there is no xtensor: storage is compat/array.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#include "paramorph/compat/array.hpp"
#else

#if __has_include(<xtensor/containers/xfixed.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xfixed.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>
#include <utility>

#include "paramorph/compat/given_array.hpp"
#include "paramorph/core/element.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/core/shape.hpp"

namespace paramorph::inline PARAMORPH_ABI {

inline constexpr int inline_bytes = 1024;

// An array with run-time extents.
template <class T, std::size_t Rank>
using row_major_array = xt::xtensor<T, Rank, xt::layout_type::row_major>;

namespace detail {

template <class Shape, class T>
struct storage_of {  // of no shape: the tensor says so
    using type = row_major_array<T, 1>;
};
template <int... E, class T>
struct storage_of<shape<E...>, T> {
    static constexpr bool small = shape<E...>::size * static_cast<int>(sizeof(T)) <= inline_bytes;
    using type =
        std::conditional_t<small,
                           xt::xtensor_fixed<T, xt::xshape<std::size_t(E > 0 ? E : 1)...>, xt::layout_type::row_major>,
                           row_major_array<T, sizeof...(E)>>;
    static type make() {
        if constexpr (small)
            return type();
        else
            return type::from_shape({std::size_t(E)...});
    }
};

// The shape in a container's type, or void.
template <class X>
struct static_shape {
    using type = void;
};
template <class T, std::size_t... E, xt::layout_type L, bool S, class Tag>
struct static_shape<xt::xfixed_container<T, xt::fixed_shape<E...>, L, S, Tag>> {
    using type = shape<int(E)...>;
    static_assert(L == xt::layout_type::row_major || sizeof...(E) < 2,
                  "column-major storage: paramorph reads tensors row by row; use the row-major layout");
};

template <class X>
    requires requires { typename X::of_static_shape; }
struct static_shape<X> : static_shape<typename X::of_static_shape> {};

}  // namespace detail

// The container of a tensor of static shape.
template <class Shape, class T = float>
using container = typename detail::storage_of<Shape, T>::type;

// A container of that shape; its elements are not set.
template <class Shape, class T = float>
container<Shape, T> make_container() {
    return detail::storage_of<Shape, T>::make();
}

namespace detail {

template <class Shape, class T>
auto adapted_by_xtensor(T* data) {
    return []<int... E>(T* x, shape<E...>) {
        return xt::adapt<xt::layout_type::row_major>(x, std::size_t(Shape::size), xt::no_ownership(),
                                                     std::array<std::size_t, sizeof...(E)>{std::size_t(E)...});
    }(data, Shape{});
}

}  // namespace detail

// The elements at an address as a read-only array of static shape.
template <class Shape, class T>
auto adapted(T const* data) {
    return detail::adapted_by_xtensor<Shape>(data);
}

// The static shape of an xtensor container, or void where it is known at run time only.
template <class X>
using static_shape_of = typename detail::static_shape<std::remove_cvref_t<X>>::type;

template <class X>
concept fixed_container = !std::is_void_v<static_shape_of<X>>;
// An xtensor expression or container.
template <class X>
concept array_expression = xt::is_xexpression<std::remove_cvref_t<X>>::value;

// An array in memory with run-time extents, such as xt::xtensor<float, 2> or a view of its rows; that it is row-major
// and contiguous is checked when it is used.
template <class X>
concept dynamic_container = array_expression<X> && !fixed_container<X> && requires(X const& x) {
    x.data();
    x.shape();
    x.strides();
};

// An array's elements in row-major order, written to contiguous memory.
template <array_expression X, class T>
void copy_row_major(X const& x, T* to) {
    require_elements(x);
    std::copy(x.template begin<xt::layout_type::row_major>(), x.template end<xt::layout_type::row_major>(), to);
}
// The element of an index in that order.
template <array_expression X>
auto row_major_element(X const& x, int index) {
    return *std::next(x.template begin<xt::layout_type::row_major>(), index);
}

namespace detail {
// An array with which another one of this shape is added to, or multiplied: xtensor would make that one larger.
template <class X>
X const& no_larger(X const& x, auto const& shape, char const* owner) {
    std::size_t const rank = std::size(shape), given = x.dimension();
    bool fits = given <= rank;
    for (std::size_t k = 0; fits && k < given; ++k)
        fits = x.shape()[given - 1 - k] == 1 || x.shape()[given - 1 - k] == shape[rank - 1 - k];
    if (!fits) refuse_shape(x.shape(), given, owner, shape, rank);
    return x;
}
}  // namespace detail

// Of a class over an array of xtensor: what writes all of it, beside operator=, keeps its shape, too.
#define PARAMORPH_CHECKED_COMPOUND(Class, owner, sign)                   \
    using base::operator sign;                                           \
    template <array_expression E>                                        \
    Class& operator sign(E const& e) {                                   \
        base::operator sign(detail::no_larger(e, this->shape(), owner)); \
        return *this;                                                    \
    }
#define PARAMORPH_KEEPS_ITS_SHAPE(Class, owner)  \
    template <class E>                           \
    Class& assign(xt::xexpression<E> const& e) { \
        return *this = e;                        \
    }                                            \
    PARAMORPH_CHECKED_COMPOUND(Class, owner, +=) \
    PARAMORPH_CHECKED_COMPOUND(Class, owner, -=) \
    PARAMORPH_CHECKED_COMPOUND(Class, owner, *=) \
    PARAMORPH_CHECKED_COMPOUND(Class, owner, /=)

// What a tensor keeps its numbers in and hands out by reference: a container that refuses to be assigned an array of
// another shape, which xtensor would write, or read, beyond its end.
template <class Shape, class T>
class kept_container : public container<Shape, T> {
    using base = container<Shape, T>;

  public:
    using of_static_shape = base;
    using base::base;
    kept_container() = default;
    kept_container(base const& x) : base(x) {}
    kept_container(base&& x) noexcept : base(std::move(x)) {}

    template <class E>
    kept_container& operator=(xt::xexpression<E> const& e) {
        base::operator=(checked(e));
        return *this;
    }
    PARAMORPH_KEEPS_ITS_SHAPE(kept_container, "the tensor")
    // Another shape is refused: small containers would ignore it, large ones take it.
    template <class S = Shape, class Extents = std::array<std::size_t, S::rank>>
    void resize(Extents const& to, auto const&...) {
        auto const& own = Shape::value.d;
        auto const equal = [](auto x, int y) { return x == static_cast<decltype(x)>(y); };
        if (!std::equal(std::begin(to), std::end(to), own, own + Shape::rank, equal))
            detail::refuse_shape(to, std::size(to), "the tensor", own, Shape::rank);
    }
    template <class S = Shape, class Extents = std::array<std::size_t, S::rank>>
    kept_container& reshape(Extents const& to, auto const&...) {
        return resize(to), *this;
    }
    // Not so if what it is derived from was resized.
    bool has_own_shape() const {
        if constexpr (fixed_container<base>)
            return true;
        else
            return has_shape<Shape>(*this) && this->storage().size() == static_cast<std::size_t>(Shape::size);
    }

  private:
    template <class E>
    static xt::xexpression<E> const& checked(xt::xexpression<E> const& e) {
        of_shape<Shape>(e.derived_cast());
        return e;
    }
};

// The elements at an address as an array that can be written, and that refuses to be assigned an array of another
// shape. Copies refer to the same elements; assigned to, each of them writes the elements.
template <class Shape, class T>
class array_at : public decltype(detail::adapted_by_xtensor<Shape>(static_cast<T*>(nullptr))) {
    using base = decltype(detail::adapted_by_xtensor<Shape>(static_cast<T*>(nullptr)));

  public:
    explicit array_at(T* data) : base(detail::adapted_by_xtensor<Shape>(data)) {}
    array_at(array_at const&) = default;
    array_at& operator=(array_at const& o) { return *this = static_cast<xt::xexpression<base> const&>(o); }
    template <class E>
    array_at& operator=(xt::xexpression<E> const& e) {
        if constexpr (fixed_container<E> && !std::is_same_v<static_shape_of<E>, Shape>) {
            using wrong = detail::mistake<detail::sentence(
                "assignment: the shape of the array differs from that of what is written: ", static_shape_of<E>::value,
                " to ", Shape::value)>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            auto copy = make_container<Shape, T>();  // e may read what is written
            copy_row_major(of_shape<Shape>(e.derived_cast(), "what is written"), copy.data());
            std::copy_n(copy.data(), Shape::size, this->data());
        }
        return *this;
    }
    PARAMORPH_KEEPS_ITS_SHAPE(array_at, "what is written")
    template <class... Extents>
    void resize(Extents&&...) = delete;
};
template <class Shape, class T>
    requires(!std::is_const_v<T>)
array_at<Shape, T> adapted(T* data) {
    return array_at<Shape, T>(data);
}

}  // namespace paramorph::inline PARAMORPH_ABI

// To xtensor they are the expressions that they are derived from.
template <template <class> class Base, class Shape, class T>
struct xt::detail::is_crtp_base_of_impl<Base, paramorph::array_at<Shape, T>>
    : xt::detail::is_crtp_base_of_impl<Base, decltype(paramorph::detail::adapted_by_xtensor<Shape>(
                                                 static_cast<T*>(nullptr)))> {};
template <template <class> class Base, class Shape, class T>
struct xt::detail::is_crtp_base_of_impl<Base, paramorph::kept_container<Shape, T>>
    : xt::detail::is_crtp_base_of_impl<Base, paramorph::container<Shape, T>> {};

#endif
