// Memory of others as arrays, and arrays as types of others, without a copy: pointers, std::span, matrices of Eigen,
// std::mdspan and the like. Nothing of theirs is included here.
//
//     pm::view<pm::shape<32, 64>>(p)         // an address: float* or float const*
//     pm::view<pm::shape<32, 64>>(numbers)   // what has data() and size(): std::span, std::vector; the size is checked
//     pm::view(p, rows, 64)                  // extents known at run time, as xt::adapt has them
//     pm::view(m)                            // Eigen: matrix, vector, Map, Ref, transpose; mdspan: data_handle()
//     auto y = net(pm::view(m));             // reads m's memory
//     using row_major = Eigen::Map<Eigen::Matrix<float, 64, 64, Eigen::RowMajor>>;
//     pm::view_as<row_major>(net.weight.original())
//     pm::view_as<std::mdspan<float, std::extents<int, 64, 64>>>(a)   // made of an address and extents
//     pm::view_as<std::span<float>>(a)                                // of an address and a size
//
// What has its extents in its type is an array of static shape, with which networks, losses and pm::function take what
// they take; else one of run-time extents. A view refers to the memory, which must outlive it; it can be written where
// the memory can, and refuses to be assigned another shape. Rows follow one another, without gaps: a column-major
// matrix is refused by the compiler, and its transpose is taken; gaps are found at run time. A vector of Eigen is an
// array of one axis. An xtensor container is taken as it is, everywhere. Errors, as pm::error, with what was expected
// and found: the number of elements, strides, an address that is null or not aligned for its numbers. Cost: none: no
// number is copied. Source: xt::adapt; torch.from_numpy.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "views.hpp: embed.hpp is included before it in this file; there arrays are plain memory already"
#else

#include "paramorph/core/macros_aside.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "paramorph/compat/foreign_arrays.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Shape, class T>
using view_base = std::conditional_t<std::is_const_v<T>, decltype(adapted_by_xtensor<Shape>(static_cast<T*>(nullptr))),
                                     array_at<Shape, std::remove_const_t<T>>>;
template <std::size_t Rank, class T>
using sized_base = decltype(xt::adapt<xt::layout_type::row_major>(static_cast<T*>(nullptr), std::size_t(),
                                                                  xt::no_ownership(), std::array<std::size_t, Rank>{}));

}  // namespace detail

// Memory as an array of static shape; T is const where it cannot be written.
template <class Shape, class T>
class array_view : public detail::view_base<Shape, T> {
    using base = detail::view_base<Shape, T>;

  public:
    using of_static_shape =
        xt::xtensor_fixed<std::remove_const_t<T>,
                          decltype([]<int... E>(shape<E...>) { return xt::xshape<std::size_t(E)...>{}; }(Shape{}))>;
    explicit array_view(T* data) : base(make(data)) {}
    array_view(array_view const&) = default;
    array_view& operator=(array_view const& o)
        requires(!std::is_const_v<T>)
    {
        base::operator=(static_cast<base const&>(o));
        return *this;
    }
    template <class E>
        requires(!std::is_const_v<T>)
    array_view& operator=(xt::xexpression<E> const& e) {
        base::operator=(e);
        return *this;
    }
    PARAMORPH_KEEPS_ITS_SHAPE(array_view, "what is written")

  private:
    static base make(T* data) {
        if constexpr (std::is_const_v<T>)
            return detail::adapted_by_xtensor<Shape>(data);
        else
            return base(data);
    }
};

// Memory as an array whose extents are known at run time, and stay.
template <std::size_t Rank, class T>
class sized_view : public detail::sized_base<Rank, T> {
    using base = detail::sized_base<Rank, T>;

  public:
    sized_view(T* data, std::size_t size, std::array<std::size_t, Rank> const& extents)
        : base(xt::adapt<xt::layout_type::row_major>(std::move(data), size, xt::no_ownership(), extents)) {}
    sized_view(sized_view const&) = default;
    sized_view& operator=(sized_view const& o)
        requires(!std::is_const_v<T>)
    {
        return *this = static_cast<xt::xexpression<base> const&>(o);
    }
    template <class E>
        requires(!std::is_const_v<T>)
    sized_view& operator=(xt::xexpression<E> const& e) {
        E const& a = e.derived_cast();
        if (a.dimension() != Rank || !std::equal(a.shape().begin(), a.shape().end(), this->shape().begin()))
            detail::refuse_shape(a.shape(), a.dimension(), "what is written", this->shape(), Rank);
        auto const copy = std::make_unique<T[]>(this->size());  // e may read what is written
        copy_row_major(a, copy.get());
        std::copy_n(copy.get(), this->size(), this->data());
        return *this;
    }
    PARAMORPH_KEEPS_ITS_SHAPE(sized_view, "what is written")
    template <class... Extents>
    void resize(Extents&&...) = delete;
};

// An address, or an array of C++, as an array of static shape.
template <class Shape, class P, class T = std::remove_pointer_t<std::decay_t<P&>>>
    requires(std::is_pointer_v<std::decay_t<P&>> && std::is_arithmetic_v<T>)
array_view<Shape, T> view(P&& at) {
    static_assert(is_shape<Shape>, "view: name the shape, as in pm::view<pm::shape<32, 64>>(p)");
    if constexpr (std::is_array_v<std::remove_reference_t<P>>) {
        constexpr int elements = static_cast<int>(std::extent_v<std::remove_reference_t<P>>);
        if constexpr (elements != Shape::size) {
            using wrong = detail::mistake<detail::sentence("view: ", Shape::value, " has ", Shape::size,
                                                           " elements, and the array ", elements,
                                                           ": give as many, or name another shape")>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
    T* const data = at;
    detail::require_numbers(data, static_cast<std::size_t>(Shape::size));
    return array_view<Shape, T>(data);
}
// A matrix or vector of Eigen that has memory.
template <class Matrix>
    requires detail::eigen_like<std::remove_cvref_t<Matrix>>
auto view(Matrix&& m);
// What has data() and size(), as an array of static shape.
template <class Shape, class Numbers>
    requires(!std::is_pointer_v<std::remove_reference_t<Numbers>> &&
             requires(Numbers& x) {
                 x.data();
                 x.size();
             })
auto view(Numbers&& numbers) {
    static_assert(detail::outlives_view<Numbers>,
                  "view: the numbers are those of a temporary, and would be gone; name it first");
    if (static_cast<std::size_t>(numbers.size()) != static_cast<std::size_t>(Shape::size))
        detail::refuse_view(detail::extents_text(std::vector<int>(Shape::value.d, Shape::value.d + Shape::rank)) +
                            " has " + std::to_string(Shape::size) + " elements, and the memory " +
                            std::to_string(numbers.size()) + ": give as many, or name another shape");
    using given = std::remove_cvref_t<Numbers>;
    if constexpr (detail::eigen_like<given>)
        return paramorph::view<Shape>(paramorph::view(static_cast<Numbers&>(numbers)).data());  // row after row
    else if constexpr (array_expression<given>)
        return paramorph::view<Shape>(detail::first_of_rows(numbers, "view"));
    else
        return paramorph::view<Shape>(numbers.data());
}
// An address and extents.
template <class T, std::integral... Extent>
    requires(std::is_arithmetic_v<T> && sizeof...(Extent) > 0)
sized_view<sizeof...(Extent), T> view(T* data, Extent... extents) {
    std::array<std::size_t, sizeof...(Extent)> const shape{static_cast<std::size_t>(extents)...};
    std::size_t size = 1;
    for (std::size_t const e : shape) size *= e;
    if (((std::is_signed_v<Extent> && extents < Extent(0)) || ...))
        detail::refuse_view("an extent is negative: " +
                            detail::extents_text(std::array{static_cast<long long>(extents)...}));
    detail::require_numbers(data, size);
    return {data, size, shape};
}
template <class Matrix>
    requires detail::eigen_like<std::remove_cvref_t<Matrix>>
auto view(Matrix&& m) {
    static_assert(detail::outlives_view<Matrix>, "view: the matrix is a temporary, and would be gone; name it first");
    using M = std::remove_cvref_t<Matrix>;
    constexpr int rows = M::RowsAtCompileTime, columns = M::ColsAtCompileTime;
    constexpr bool is_vector = rows == 1 || columns == 1;
    static_assert(is_vector || M::IsRowMajor,
                  "view: the matrix is column-major, and arrays are row-major: take its transpose, "
                  "pm::view(m.transpose()), or declare it with Eigen::RowMajor");
    if constexpr (is_vector || M::IsRowMajor) {
        if (m.size() > 0 && (m.innerStride() != 1 || (!is_vector && m.rows() > 1 && m.outerStride() != m.cols())))
            detail::refuse_view("there are gaps in the matrix: expected strides [" + std::to_string(m.cols()) +
                                ", 1], found [" + std::to_string(m.outerStride()) + ", " +
                                std::to_string(m.innerStride()) + "]; copy it into one without, Eigen::Matrix<...>(m)");
        if constexpr (is_vector && rows > 0 && columns > 0)
            return paramorph::view<shape<rows * columns>>(m.data());
        else if constexpr (is_vector)
            return paramorph::view(m.data(), m.size());
        else if constexpr (rows > 0 && columns > 0)
            return paramorph::view<shape<rows, columns>>(m.data());
        else
            return paramorph::view(m.data(), m.rows(), m.cols());
    } else
        return paramorph::view(m.data(), m.rows(), m.cols());  // the mistake was said
}
// A std::mdspan, or what is like one.
template <class Span>
    requires detail::mdspan_like<std::remove_cvref_t<Span>>
auto view(Span const& s) {
    constexpr std::size_t rank = Span::rank(), dynamic = static_cast<std::size_t>(-1);
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
        std::size_t run = 1;
        bool gaps = false;
        for (std::size_t k = rank; k-- > 0;) {
            gaps = gaps || (s.extent(k) > 1 && static_cast<std::size_t>(s.stride(k)) != run);
            run *= static_cast<std::size_t>(s.extent(k));
        }
        if (gaps && run > 0)
            detail::refuse_view("the elements are not row after row without gaps: extents " +
                                detail::extents_text(std::array{s.extent(K)...}) + ", strides " +
                                detail::extents_text(std::array{s.stride(K)...}) + "; give a span of layout_right");
        if constexpr (((Span::static_extent(K) != dynamic) && ...))
            return paramorph::view<shape<int(Span::static_extent(K))...>>(s.data_handle());
        else
            return paramorph::view(s.data_handle(), static_cast<std::size_t>(s.extent(K))...);
    }(std::make_index_sequence<rank>{});
}

// An array's memory as a type of others, which is constructed from an address, or from an address and extents, or a
// size.
template <class Target, class Array>
    requires array_expression<Array>
Target view_as(Array&& a) {
    static_assert(
        std::is_lvalue_reference_v<Array> || requires { typename std::remove_cvref_t<Array>::of_static_shape; },
        "view_as: the array is a temporary, and would be gone; name it first");
    auto* const data = detail::first_of_rows(a, "view_as");
    using pointer = std::remove_const_t<decltype(data)>;
    std::size_t const run = a.size();
    detail::require_numbers(data, run);
    constexpr bool refers = detail::refers_to<Target, pointer>;
    static_assert(
        refers,
        "view_as: the type is none that refers to this array's numbers: it must have their element type, const "
        "where the array is, and own nothing: std::span<float const>, "
        "Eigen::Map<Eigen::Matrix<float, 2, 3, Eigen::RowMajor>>, or a std::mdspan of layout_right");
    if constexpr (!refers)
        __builtin_trap();  // the mistake was said
    else if constexpr (detail::eigen_like<Target>) {
        static_assert(Target::IsRowMajor || Target::RowsAtCompileTime == 1 || Target::ColsAtCompileTime == 1,
                      "view_as: arrays are row-major: map them as Eigen::Matrix<float, ..., Eigen::RowMajor>");
        constexpr bool is_vector = Target::RowsAtCompileTime == 1 || Target::ColsAtCompileTime == 1;
        auto const columns =
            is_vector || a.dimension() == 0 ? std::size_t(1) : std::size_t(a.shape()[a.dimension() - 1]);
        std::size_t const rows = columns == 0 ? 0 : run / columns;
        auto const fits = [](int at_compile_time, std::size_t n) {
            return at_compile_time < 0 || static_cast<std::size_t>(at_compile_time) == n;
        };
        bool const whole = is_vector
                               ? (Target::SizeAtCompileTime < 0 || std::size_t(Target::SizeAtCompileTime) == run)
                               : fits(Target::RowsAtCompileTime, rows) && fits(Target::ColsAtCompileTime, columns);
        if (!whole)
            detail::refuse_view("the array " + detail::extents_text(a.shape()) +
                                " does not have the extents of a matrix [" + std::to_string(Target::RowsAtCompileTime) +
                                ", " + std::to_string(Target::ColsAtCompileTime) + "]");
        using index = decltype(std::declval<Target&>().rows());
        if constexpr (is_vector)
            return detail::checked_strides(Target(data, static_cast<index>(run)));
        else
            return detail::checked_strides(Target(data, static_cast<index>(rows), static_cast<index>(columns)));
    } else if constexpr (detail::mdspan_like<Target>) {
        if (a.dimension() != Target::rank())
            detail::refuse_view("the array " + detail::extents_text(a.shape()) + " has " +
                                std::to_string(a.dimension()) + " axes, and a span of " +
                                std::to_string(Target::rank()) + " was asked for");
        for (std::size_t k = 0; k < Target::rank(); ++k)
            if (Target::static_extent(k) != static_cast<std::size_t>(-1) && Target::static_extent(k) != a.shape()[k])
                detail::refuse_view("axis " + std::to_string(k) + " of the array has " + std::to_string(a.shape()[k]) +
                                    " elements, that of the span " + std::to_string(Target::static_extent(k)));
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            Target const made(data, a.shape()[K]...);
            static_cast<void>(paramorph::view(made));  // of layout_left: refused, as it would be
            return made;
        }(std::make_index_sequence<Target::rank()>{});
    } else
        return Target(data, run);
}

}  // namespace paramorph::inline PARAMORPH_ABI

// To xtensor it is the expression that it is derived from.
template <template <class> class Base, class Shape, class T>
struct xt::detail::is_crtp_base_of_impl<Base, paramorph::array_view<Shape, T>>
    : xt::detail::is_crtp_base_of_impl<Base, paramorph::detail::view_base<Shape, T>> {};
template <template <class> class Base, std::size_t Rank, class T>
struct xt::detail::is_crtp_base_of_impl<Base, paramorph::sized_view<Rank, T>>
    : xt::detail::is_crtp_base_of_impl<Base, paramorph::detail::sized_base<Rank, T>> {};

#include "paramorph/core/macros_back.hpp"

#endif
