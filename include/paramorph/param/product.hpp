// product<Parts...>: the values of the parts, one below the other, any shape of one axis or more. A part is rows<begin,
// end, stages...>: those rows are what the stages make of an original of their own. So parts of a weight are in sets of
// their own, and the weight in set::product of them (parametrize/product_sets.hpp):
//
//     using both = pm::param::product<pm::rows<0, 4, pm::param::sphere<>>, pm::rows<4, 8, pm::param::ilr_simplex>>;
//     pm::nn::linear<3, 8, pm::weight<both>> layer;
//
// Its originals are those of the parts, one after the other, then comes their state: the tensor "base" of the second
// part is called "1.base", and "1.0.base" where the part has several stages. right_inverse(y): that of each part.
// Grade: the least of the parts. log_abs_det: the sum of theirs, which take one original each and have no state:
// pm::log_abs_det<product<...>>(x0, x1). Parts are along the first axis; a tensor of one axis has vectors as parts. A
// part without stages can be anything. Errors: parts that leave rows out or do not end where the tensor does, a
// part whose first stage does not take every original. Cost: that of the parts, each written where it belongs. Source:
// geotorch.ProductManifold.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/op/concatenate.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/nested.hpp"
#include "paramorph/parametrize/product_of_shape.hpp"
#include "paramorph/parametrize/product_sets.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// The grade of a chain whose stages have a right_inverse each.
template <class First, class Next, class... Rest>
constexpr bool takes_no_more(chain<First, Next, Rest...>) {
    return subset<domain_of<Next>, codomain_of<First>> && takes_no_more(chain<Next, Rest...>{});
}
constexpr bool takes_no_more(auto) {
    return true;
}
template <class Chain>
inline constexpr grade grade_of_part =
    std::min(takes_no_more(Chain{}) ? grade::bijective : grade::on_image, declared_grade(Chain{}));

// Is Shape that of a tensor with these parts? And has each part one original and no state?
template <class Shape, class... Parts>
struct product_fits {
    static constexpr int end = parts_in_order<Parts...>::end;
    static constexpr bool value = Shape::rank > 0 && Shape::value.d[0] == end;
};
template <class Shape, class... Parts>
constexpr sentence mistake_of_product() {
    using fits = product_fits<Shape, Parts...>;
    if constexpr (fits::value)
        return {"product: where a part has state or several originals, as one of these ", sizeof...(Parts),
                " parts has, no stage can stand under an original of the product; put it into the part, as "
                "pm::rows<begin, end, first, second>"};
    else
        return {"product: the parts must make all rows of the tensor: they make ", fits::end, ", the tensor is ",
                Shape::value};
}
// A product of others is one of its shape (parametrize/product_of_shape.hpp).
template <class Shape, class... Parts>
inline constexpr bool has_simple_parts = [] {
    if constexpr (product_fits<Shape, Parts...>::value)
        return ((product_part_traits<Parts, Shape>::original_count == 1 &&
                 product_part_traits<Parts, Shape>::state_count == 0) &&
                ...);
    else
        return true;
}();
template <bool Fits, class Shape, class... Parts>
struct product_shapes {
    using wrong = mistake<mistake_of_product<Shape, Parts...>()>;
    using said = typename wrong::type;
    // One mistake, one error.
    using type = typename decltype([] {
        if constexpr (product_fits<Shape, Parts...>::value)
            return std::type_identity<shapes<product_part_shape<Parts, Shape>...>>{};
        else
            return std::type_identity<shapes<Shape>>{};
    }())::type;
};
template <class Shape, class... Parts>
struct product_shapes<true, Shape, Parts...> {
    using type = shapes<typename product_part_traits<Parts, Shape>::template original_shape<0>...>;
};

template <mode M>
constexpr auto value_of_part(chain<>, auto x) {
    return x;
}
template <mode M, class Stage, class... Rest, class X>
constexpr auto value_of_part(chain<Stage, Rest...>, X x) {
    if constexpr (state_of<Stage, typename X::shape_type>::size > 0)
        return x;  // only where log_abs_det is asked for, which says that there is none
    else
        return value_of_part<M>(chain<Rest...>{}, call_forward<Stage, M>(x));
}
template <mode M, class... Parts>
constexpr auto concatenated(auto... x) {
    return concatenate<0>(value_of_part<M>(typename product_part<Parts>::chain_type{}, x)...);
}
template <class Part, class Y>
constexpr auto original_of_part(Y y) {
    return back_through<typename product_part<Part>::chain_type>(
        slice<0, product_part<Part>::begin, product_part<Part>::end>(y));
}
template <class Part, class Y>
inline constexpr bool part_leads_back =
    leads_back<typename product_part<Part>::chain_type,
               symbol<product_part_shape<Part, typename Y::shape_type>, typename Y::value_type>>;

}  // namespace detail

namespace param {

template <class... Parts>
struct product {
  private:
    template <class Part>
    using chain_of_part = typename paramorph::detail::product_part<Part>::chain_type;

  public:
    static_assert(paramorph::detail::parts_in_order<Parts...>::named);
    static_assert((paramorph::detail::first_stage<chain_of_part<Parts>>::original::named && ...));
    using codomain = set::product<typename paramorph::detail::product_part<Parts>::set_rows...>;
    static constexpr grade inverse =
        std::min({grade::bijective, paramorph::detail::grade_of_part<chain_of_part<Parts>>...});
    static constexpr bool projects = (chain_of_part<Parts>::projects && ...);
    template <class Shape>
    using original_shapes =
        typename paramorph::detail::product_shapes<paramorph::detail::product_fits<Shape, Parts...>::value &&
                                                       paramorph::detail::has_simple_parts<Shape, Parts...>,
                                                   Shape, Parts...>::type;

    template <mode M, class First, class... X>
    static constexpr auto forward(First first, X... x) {
        constexpr int end = paramorph::detail::parts_in_order<Parts...>::end;
        if constexpr (1 + sizeof...(X) == sizeof...(Parts))
            return paramorph::detail::concatenated<M, Parts...>(first, x...);
        else {
            if constexpr (First::rank > 0 && extents_of<First>.d[0] == end && M == mode::training) {  // said once
                using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                    "product: each of its ", sizeof...(Parts), " parts has an original of its own, given ",
                    paramorph::detail::counted(1 + sizeof...(X), " tensor").view(),
                    ": it must be the first stage of a chain; what comes before it, put into its parts")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return first;
        }
    }
    template <class Y>
        requires(paramorph::detail::product_fits<typename Y::shape_type, Parts...>::value &&
                 (paramorph::detail::part_leads_back<Parts, Y> && ...))
    static constexpr auto right_inverse(Y y) {
        return originals(paramorph::detail::original_of_part<Parts>(y)...);
    }
    template <class... X>
        requires(sizeof...(X) == sizeof...(Parts))
    static constexpr auto log_abs_det(X... x) {
        return (paramorph::log_abs_det<chain_of_part<Parts>>(x) + ...);
    }
};

}  // namespace param

template <class... Parts, class... Rest, class Shape, real T>
    requires(!detail::has_simple_parts<Shape, Parts...>)
struct chain_traits<chain<param::product<Parts...>, Rest...>, Shape, T>
    : chain_traits<chain<detail::of_shape::product<Shape, Parts...>, Rest...>, Shape, T> {};

}  // namespace paramorph::inline PARAMORPH_ABI
