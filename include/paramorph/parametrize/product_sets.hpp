// set::product<rows<0, 4, A>, rows<4, 8, B>, ...>: the tensors whose rows 0 to 3, as a tensor of their own, are an
// element of A, rows 4 to 7 one of B. The parts come in order, without a gap, and the last one ends the tensor. What
// is within it part by part is within it; it is within a set of conditions on each element (nonzero, positive,
// interval, ...) where all its parts are. Its chart is that of each part, so a density on it is the product of
// densities on the parts. Errors: parts that leave a gap, overlap or are no rows<begin, end, set>. Cost: membership is
// that of the parts, one after the other. Source: geotorch.ProductManifold.
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
    set::is_interval<Set> || set::reaches_down_to<Set> == set::reaches_down_to<Set> ||
    set::reaches_up_to<Set> == set::reaches_up_to<Set> || std::is_same_v<Set, set::nonzero> ||
    std::is_same_v<Set, set::nonnegative> || std::is_same_v<Set, set::positive>;

template <bool>
struct measured_by_chart {};
template <>
struct measured_by_chart<true> {
    static constexpr bool by_length = true;
};
template <class Set>
concept is_measured_by_length = requires { Set::by_length; };

}  // namespace detail

namespace set {

template <class... Parts>
struct product;

// Is every element of A = product<...> one of B?
template <class A, class B>
inline constexpr bool product_inside = false;
template <class... A, class B>
    requires paramorph::detail::has_element_conditions<B>
inline constexpr bool product_inside<product<A...>, B> =
    (subset<typename paramorph::detail::product_set_part<A>::set, B> && ...);
template <int... Begin, int... End, class... A, class... B>
inline constexpr bool product_inside<product<rows<Begin, End, A>...>, product<rows<Begin, End, B>...>> =
    (subset<A, B> && ...);

template <class... Parts>
struct product
    : paramorph::detail::measured_by_chart<(
          paramorph::detail::is_measured_by_length<typename paramorph::detail::product_set_part<Parts>::set> || ...)> {
    static_assert(paramorph::detail::parts_in_order<Parts...>::named);
    static constexpr int end = paramorph::detail::parts_in_order<Parts...>::end;
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::name_of_product<Parts...>.view();
    template <class B>
    static constexpr bool inside = product_inside<product, B>;

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
