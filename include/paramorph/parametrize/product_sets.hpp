// set::product<rows<0, 4, A>, rows<4, 8, B>, ...>: the tensors whose rows 0 to 3, as a tensor of their own, are an
// element of A, rows 4 to 7 one of B. The parts come in order, without a gap, and the last one ends the tensor. Rows
// that are parts of both of two products decide one by one whether one is within the other. Where other rows are parts,
// or against a set that is no product, all parts must be within it, and it be of conditions on each element (nonzero,
// positive, interval, ...), or on each row along the last axis (unit_rows, ball, simplex, ordered, sum_to_zero, ...).
// The latter needs a part that is of matrices only (row_stochastic is, simplex is not): the parts of a tensor of one
// axis are no rows of it. A product within a product is one of its parts. Its chart is that of each part, so a density
// on it is the product of densities on the parts. Errors: parts that leave a gap, overlap or are no rows<begin, end,
// set>. Cost: membership is that of the parts, one after the other. Source: geotorch.ProductManifold.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string_view>
#include <type_traits>

#include "paramorph/core/sentence.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Rows Begin to End - 1 of a tensor, along its first axis: in an option of pm::at, with the stages behind it
// (parametrize/on_rows.hpp); in a product, with the stages of the part (param/product.hpp), or its set.
template <int Begin, int End, class... Parts>
struct rows {
    static_assert(Begin >= 0 && Begin < End, "rows: write pm::rows<begin, end>, from begin on, up to end - 1");
};

namespace detail {

template <class Shape, int Count>
struct shape_with_rows {
    static constexpr extents value() {
        extents s = Shape::value;
        if (s.rank > 0) s.d[0] = Count;
        return s;
    }
};

// A part of a product of sets.
template <class Part>
struct product_set_part;
template <int Begin, int End, class Set>
struct product_set_part<rows<Begin, End, Set>> {
    static constexpr int begin = Begin, end = End;
    using set = Set;
    // Of a tensor of this shape.
    static constexpr extents shape(extents const& whole) {
        extents part = whole;
        part.d[0] = End - Begin;
        return part;
    }
    static constexpr int first_element(extents const& whole) { return Begin * (whole.size() / whole.d[0]); }
};

// Do the parts come in order, without a gap? Their begins and ends alternate.
template <class Part>
inline constexpr int begin_of_rows = 0;
template <int Begin, int End, class... P>
inline constexpr int begin_of_rows<rows<Begin, End, P...>> = Begin;
template <class Part>
inline constexpr int end_of_rows = -1;
template <int Begin, int End, class... P>
inline constexpr int end_of_rows<rows<Begin, End, P...>> = End;

template <class... Parts>
struct parts_in_order {
    static constexpr int end = std::max({0, end_of_rows<Parts>...});
    static constexpr bool say() {
        if constexpr (sizeof...(Parts) == 0 || ((end_of_rows<Parts> < 0) || ...)) {
            using wrong =
                mistake<sentence("product: write the parts as pm::rows<begin, end, ...>: given are ", sizeof...(Parts),
                                 " of which ", ((end_of_rows<Parts> < 0) + ... + 0), " are none")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            constexpr int k = [] {
                int const begin[]{begin_of_rows<Parts>...}, ends[]{0, end_of_rows<Parts>...};
                for (int i = 0; i < int(sizeof...(Parts)); ++i)
                    if (begin[i] != ends[i]) return i;
                return -1;
            }();
            if constexpr (k >= 0) {
                constexpr int begin[]{begin_of_rows<Parts>...}, ends[]{0, end_of_rows<Parts>...};
                using wrong = mistake<sentence("product: the parts must come in order, without a gap: part ", k,
                                               " must begin at row ", ends[k], ", it begins at row ", begin[k])>;
                using said [[maybe_unused]] = wrong::type;
            }
        }
        return true;  // one mistake, one error
    }
    static constexpr bool named = say();
};

template <class... Parts>
inline constexpr sentence name_of_product = [] {
    sentence s("product<");
    [[maybe_unused]] int k = 0;
    (s.append(k++ > 0 ? ", " : "", "rows<", product_set_part<Parts>::begin, ", ", product_set_part<Parts>::end, ", ",
              set_name<typename product_set_part<Parts>::set>(), ">"),
     ...);
    s.append(">");
    return s;
}();

// A set of conditions on each element alone.
template <class Set>
inline constexpr bool has_element_conditions =
    std::is_same_v<Set, set::real> || set::is_interval<Set> || set::reaches_down_to<Set> == set::reaches_down_to<Set> ||
    set::reaches_up_to<Set> == set::reaches_up_to<Set> || std::is_same_v<Set, set::nonzero> ||
    std::is_same_v<Set, set::nonnegative> || std::is_same_v<Set, set::positive>;

// A set of conditions on each row alone, along the last axis.
template <class Set>
inline constexpr bool has_row_conditions =
    set::rows_as_long_as<Set> > 0 || set::rows_at_most_as_long_as<Set> > 0 || std::is_same_v<Set, set::unit_rows> ||
    std::is_same_v<Set, set::simplex> || std::is_same_v<Set, set::row_stochastic> ||
    std::is_same_v<Set, set::ordered> || std::is_same_v<Set, set::positive_ordered> ||
    std::is_same_v<Set, set::sum_to_zero>;
template <int N, int M>
inline constexpr bool has_row_conditions<set::pruned<N, M>> = true;
// Has every element of the set two axes or more? Where the parts of a product have, each is some rows of the whole;
// where they may have one, its rows are no rows along the last axis.
template <class Set>
constexpr bool has_two_axes() {
    constexpr bool says =
        set::highest_rank<Set> >= 0 || set::norms_at_most<Set> > 0 || set::orthogonal_but_for<Set> >= 0 ||
        set::diagonals_below<Set> >= 0 ||
        ((std::is_same_v<Set, set::row_stochastic> || std::is_same_v<Set, set::column_stochastic> ||
          std::is_same_v<Set, set::sum_to_zero_matrix> || std::is_same_v<Set, set::lower_triangular> ||
          std::is_same_v<Set, set::upper_triangular> || std::is_same_v<Set, set::symmetric> ||
          std::is_same_v<Set, set::skew> || std::is_same_v<Set, set::invertible> || std::is_same_v<Set, set::stable> ||
          std::is_same_v<Set, set::toeplitz>));
    if constexpr (says)
        return true;
    else
        return []<class... Sets>(set::list<Sets...>) { return (has_two_axes<Sets>() || ...); }(typename Set::within{});
}

template <bool>
struct measured_by_chart {};
template <>
struct measured_by_chart<true> {
    static constexpr bool by_length = true;
};
template <class Set>
concept is_measured_by_length = requires { Set::by_length; };

// Is a product of the parts A within B = part<Begin, End, Set> of it? Where rows of A are those of the part, its set
// decides; else the rows of A that reach into the part, one by one, where B is of conditions on each row.
template <bool Matrices, class A, class B>
inline constexpr bool meets_part = true;
template <bool Matrices, int Begin, int End, class A, int From, int To, class B>
    requires(Begin < To && From < End)
inline constexpr bool meets_part<Matrices, rows<Begin, End, A>, rows<From, To, B>> =
    subset<A, B> && ((Begin == From && End == To) || has_element_conditions<B> || (Matrices && has_row_conditions<B>));

}  // namespace detail

namespace set {

template <class... Parts>
struct product;

}  // namespace set

namespace detail {

// The parts, where those that are products themselves are replaced by theirs, as rows of the whole.
template <class... Parts>
struct flat_parts {
    static constexpr bool matrices = (has_two_axes<typename product_set_part<Parts>::set>() || ...);
    template <class Part>
    static constexpr bool meet = (meets_part<matrices, Parts, Part> && ...);
    template <class... Other>
    static constexpr bool within(std::type_identity<flat_parts<Other...>>) {
        return parts_in_order<Parts...>::end == parts_in_order<Other...>::end && (meet<Other> && ...);
    }
    template <class B>
    static constexpr bool within(std::type_identity<B>) {
        return meet<rows<0, parts_in_order<Parts...>::end, B>>;
    }
};
template <class... A, class... B>
flat_parts<A..., B...> operator+(flat_parts<A...>, flat_parts<B...>);
template <int First, class... Parts>
struct flat_from;
template <int First, int Begin, int End, class Set>
struct flat_from<First, rows<Begin, End, Set>> {
    using type = flat_parts<rows<First + Begin, First + End, Set>>;
};
template <int First, int Begin, int End, class... Inner>
struct flat_from<First, rows<Begin, End, set::product<Inner...>>> : flat_from<First + Begin, Inner...> {};
template <int First, class... Parts>
    requires(sizeof...(Parts) > 1)
struct flat_from<First, Parts...> {
    using type = decltype((typename flat_from<First, Parts>::type{} + ...));
};
// Of a set that is no product, itself.
template <class Set>
struct flat_set {
    using type = Set;
};
template <class... Parts>
struct flat_set<set::product<Parts...>> : flat_from<0, Parts...> {};

}  // namespace detail

namespace set {

template <class... Parts>
struct product
    : paramorph::detail::measured_by_chart<(
          paramorph::detail::is_measured_by_length<typename paramorph::detail::product_set_part<Parts>::set> || ...)> {
    static_assert(paramorph::detail::parts_in_order<Parts...>::named);
    static constexpr int end = paramorph::detail::parts_in_order<Parts...>::end;
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::name_of_product<Parts...>.view();
    template <class B>
    static constexpr bool inside = paramorph::detail::flat_set<product>::type::within(
        std::type_identity<typename paramorph::detail::flat_set<B>::type>{});

    // Has a tensor of this shape these rows?
    static constexpr bool has_rows(extents const& shape) { return shape.rank > 0 && shape.d[0] == end; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return has_rows(shape) && (paramorph::contains<typename part<Parts>::set>(
                                       x + part<Parts>::first_element(shape), part<Parts>::shape(shape), tolerance) &&
                                   ...);
    }
    static constexpr bool in_chart(extents const& shape, int element) {
        int const row = element / (shape.size() / shape.d[0]);
        return ((row >= part<Parts>::begin && row < part<Parts>::end &&
                 paramorph::in_chart<typename part<Parts>::set>(part<Parts>::shape(shape),
                                                                element - part<Parts>::first_element(shape))) ||
                ...);
    }

  private:
    template <class Part>
    using part = paramorph::detail::product_set_part<Part>;
};

}  // namespace set

}  // namespace paramorph::inline PARAMORPH_ABI
