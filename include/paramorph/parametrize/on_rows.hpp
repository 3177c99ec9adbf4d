// Stages on some rows of a tensor: in pm::at<"weight_hh_l0", pm::rows<0, 8>, stages...> they act on rows 0 to 7 alone,
// as on a tensor of their own, which is one gate of a recurrent layer; the other rows stay what they are. Further
// options name further rows, pm::at<"weight_hh_l0", pm::rows<8, 16>, others...>.
//
// A stage here has one original, whose rows stand in the tensor's original; it may have state, of the shape that
// belongs to the rows. Grade: that of the stage where it makes any tensor, else on_image: what is assigned must have
// such rows. Errors: rows outside of the tensor, and a stage of several originals, are the compiler's. Cost: as
// concatenate: the rows are written where they belong. Source: torch.nn.utils.parametrize, on a part of a tensor.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/op/concatenate.hpp"
#include "paramorph/parametrize/nested.hpp"
#include "paramorph/parametrize/product_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <int Begin, int End, class Stage>
struct on_rows {
    static constexpr bool projects = takes_any<Stage>;
    static constexpr grade inverse = subset<set::real, codomain_of<Stage>>
                                         ? declared_grade<Stage>()
                                         : std::min(declared_grade<Stage>(), grade::on_image);
    template <class Shape>
    using shape_of_rows = shape_by<shape_with_rows<Shape, End - Begin>>;
    template <class Shape>
    using state = state_of<Stage, shape_of_rows<Shape>>;
    template <class X>
    using part_of = symbol<shape_of_rows<typename X::shape_type>, typename X::value_type>;
    template <class X>
    static constexpr bool inside = X::rank > 0 && extents_of<X>.d[0] >= End;

    template <mode M, class X, class... S>
    static constexpr auto forward(X x, S... s) {
        if constexpr (!inside<X>) {
            if constexpr (M == mode::training) {  // said once
                using wrong =
                    mistake<sentence("rows: the tensor has no such rows: it is ", extents_of<X>, ", pm::rows<", Begin,
                                     ", ", End, "> takes those from ", Begin, " to ", End - 1)>;
                using said [[maybe_unused]] = wrong::type;
            }
            return x;
        } else if constexpr (!has_forward<Stage, M, part_of<X>, S...>) {
            if constexpr (M == mode::training) {
                using wrong = mistake<sentence(
                    "rows: a stage on some rows of a tensor must have one original: ", short_type_name<Stage>(),
                    " does not take rows ", Begin, " to ", End - 1, " as ", extents_of<part_of<X>>)>;
                using said [[maybe_unused]] = wrong::type;
            }
            return x;
        } else
            return put(x, call_forward<Stage, M>(slice<0, Begin, End>(x), s...));
    }
    template <class Y, class... S>
        requires(inside<Y> && has_right_inverse_for<Stage, part_of<Y>, S...>)
    static constexpr auto right_inverse(Y y, S... s) {
        return put(y, call_right_inverse<Stage>(slice<0, Begin, End>(y), s...));
    }
    template <class X, class... S>
        requires(inside<X> && requires(part_of<X> x, S... s) { Stage::initial_state(x, s...); })
    static constexpr auto initial_state(X x, S... s) {
        return Stage::initial_state(slice<0, Begin, End>(x), s...);
    }
    static constexpr int initial_rounds = [] {
        if constexpr (requires { Stage::initial_rounds; })
            return Stage::initial_rounds;
        else
            return 1;
    }();
    static constexpr bool begins_anew = [] {
        if constexpr (requires { Stage::begins_anew; })
            return Stage::begins_anew;
        else
            return false;
    }();

  private:
    // x with other rows in their place; what becomes of state stays beside it.
    static constexpr auto put(auto x, auto part) {
        if constexpr (is_update<decltype(part)>)
            return std::apply([&](auto... s) { return updated(put(x, part.result), s...); }, part.state);
        else if constexpr (is_tuple<decltype(part)>)
            return put(x, std::get<0>(part));
        else
            return below(x, above(x, part));
    }
    static constexpr auto above(auto x, auto part) {
        if constexpr (Begin == 0)
            return part;
        else
            return concatenate<0>(slice<0, 0, Begin>(x), part);
    }
    static constexpr auto below(auto x, auto part) {
        constexpr int rows = extents_of<decltype(x)>.d[0];
        if constexpr (rows == End)
            return part;
        else
            return concatenate<0>(part, slice<0, End, rows>(x));
    }
};

// The stages of a chain on rows. The chain alone says whether they meet, and whether the first one takes any rows.
template <int Begin, int End, class Chain>
struct chain_on_rows;
template <int Begin, int End, class... Stages>
struct chain_on_rows<Begin, End, chain<Stages...>> {
    static_assert(first_stage<chain<Stages...>>::original::named);
    using type = chain<on_rows<Begin, End, Stages>...>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
