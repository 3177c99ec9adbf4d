// product<Parts...>: the values of the parts, one below the other, any shape of one axis or more. A part is rows<begin,
// end, stages...>: those rows are what the stages make of an original of their own. So parts of a weight are in sets of
// their own, and the weight in set::product of them (parametrize/product_sets.hpp):
//
//     using both = pm::param::product<pm::rows<0, 4, pm::param::sphere<>>, pm::rows<4, 8, pm::param::ilr_simplex>>;
//     pm::nn::linear<3, 8, pm::weight<both>> layer;
//
// right_inverse(y): that of each part. Grade: the least of the parts. log_abs_det: the sum of theirs, which take one
// original each: pm::log_abs_det<product<...>>(x0, x1). Parts are along the first axis; a tensor of one axis has
// vectors as parts. A part without stages can be anything. Errors: parts that leave rows out or do not end where the
// tensor does, a part whose first stage does not take every original, a part with state or of several originals. (Rows
// parametrized by pm::at<"weight", pm::rows<0, 4>, stages...> may have state; there the set is not known.) Cost: that
// of the parts, each written where it belongs. Source: geotorch.ProductManifold.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <tuple>

#include "paramorph/op/concatenate.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/nested.hpp"
#include "paramorph/parametrize/product_sets.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A part of a product: its chain, of tensors of the shape of its rows.
template <class Part>
struct product_part {
    static constexpr int begin = 0, end = 1;
    using chain_type = chain<>;
    using set_rows = rows<0, 1, set::real>;
};
template <int Begin, int End, class... Stages>
struct product_part<rows<Begin, End, Stages...>> {
    static constexpr int begin = Begin, end = End;
    using chain_type = chain_of<Stages...>;
    using set_rows = rows<Begin, End, typename chain_type::codomain>;
};
template <class Part, class Shape>
using product_part_shape = shape_by<shape_with_rows<Shape, product_part<Part>::end - product_part<Part>::begin>>;
template <class Part, class Shape, class T = float>
using product_part_traits = chain_traits<typename product_part<Part>::chain_type, product_part_shape<Part, Shape>, T>;

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

// Is Shape that of a tensor with these parts, and has each one original and no state?
template <class Shape, class... Parts>
struct product_fits {
    static constexpr int end = parts_in_order<Parts...>::end;
    template <class Part>
    static constexpr bool simple() {
        static_assert(first_stage<typename product_part<Part>::chain_type>::original::named);
        using traits = product_part_traits<Part, Shape>;
        constexpr bool is_one = traits::original_count == 1 && traits::state_count == 0;
        if constexpr (!is_one) {
            using wrong = mistake<sentence(
                "product: a part must have one original and no state: that of rows ", product_part<Part>::begin, " to ",
                product_part<Part>::end - 1, " has ", counted(traits::original_count, " original").view(), " and ",
                counted(traits::state_count, " tensor").view(),
                " of state; where the set need not be known, write pm::at<path, pm::rows<begin, end>, stages...>")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return is_one;
    }
    static constexpr bool say() {
        constexpr extents s = Shape::value;
        if constexpr (s.rank == 0 || s.d[0] != end) {
            using wrong = mistake<sentence("product: the parts must make all rows of the tensor: they make ", end,
                                           ", the tensor is ", s)>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return (simple<Parts>() && ...);
    }
    static constexpr bool value = say();
};
template <bool Fits, class Shape, class... Parts>
struct product_shapes {
    using type = shapes<Shape>;  // one mistake, one error
};
template <class Shape, class... Parts>
struct product_shapes<true, Shape, Parts...> {
    using type = shapes<typename product_part_traits<Parts, Shape>::template original_shape<0>...>;
};

template <mode M>
constexpr auto value_of_part(chain<>, auto x) {
    return x;
}
template <mode M, class Stage, class... Rest>
constexpr auto value_of_part(chain<Stage, Rest...>, auto x) {
    return value_of_part<M>(chain<Rest...>{}, call_forward<Stage, M>(x));
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
    using codomain = set::product<typename paramorph::detail::product_part<Parts>::set_rows...>;
    static constexpr grade inverse =
        std::min({grade::bijective, paramorph::detail::grade_of_part<chain_of_part<Parts>>...});
    static constexpr bool projects = (chain_of_part<Parts>::projects && ...);
    template <class Shape>
    using original_shapes =
        typename paramorph::detail::product_shapes<paramorph::detail::product_fits<Shape, Parts...>::value, Shape,
                                                   Parts...>::type;

    template <mode M, class... X>
    static constexpr auto forward(X... x) {
        if constexpr (sizeof...(X) == sizeof...(Parts))
            return concatenate<0>(paramorph::detail::value_of_part<M>(chain_of_part<Parts>{}, x)...);
        else
            return std::get<0>(std::tuple{x...});  // the shape is wrong, which is said
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

}  // namespace paramorph::inline PARAMORPH_ABI
