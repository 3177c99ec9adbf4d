// flatten<First = 1, Last = -1>: the axes First to Last as one, of which the batch is none. unflatten<Axis,
// Extents...>: one axis as several. Negative axes count from the end. Both read their input in place and cost nothing.
//
// Errors: axes that the input does not have, or extents whose product is another, are the compiler's.
// Cost: none.
// Source: torch.nn.Flatten, Unflatten.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class X, int First, int Last>
struct flattened {
    static constexpr extents value() {
        extents s = X::value, r{s.rank - (Last - First), {}};
        for (int k = 0, to = 0; k < s.rank; ++k)
            if (k > First && k <= Last)
                r.d[First] *= s.d[k];
            else
                r.d[to++] = s.d[k];
        return r;
    }
};
template <class X, int Axis, int... Extents>
struct unflattened {
    static constexpr extents value() {
        extents r{X::rank - 1 + int(sizeof...(Extents)), {}};
        int const parts[]{Extents...};
        for (int k = 0; k < r.rank; ++k)
            r.d[k] = k < Axis                             ? X::value.d[k]
                     : k < Axis + int(sizeof...(Extents)) ? parts[k - Axis]
                                                          : X::value.d[k + 1 - int(sizeof...(Extents))];
        return r;
    }
};

}  // namespace detail

namespace nn {

template <int First = 1, int Last = -1>
struct flatten {
    static constexpr auto forward(auto x) {
        using X = shape_type_of<decltype(x)>;
        constexpr int first = normal_axis(First, X::rank), last = normal_axis(Last, X::rank);
        if constexpr (first >= 0 && first <= last && last < X::rank)
            return reshape<shape_by<detail::flattened<X, first, last>>>(x);
        else {
            using wrong =
                detail::mistake<detail::sentence("flatten: the input has no such axes, or they end before they "
                                                 "begin: axes ",
                                                 First, " to ", Last, " of ", X::value)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

template <int Axis, int... Extents>
struct unflatten {
    static_assert(detail::holds<
                  (sizeof...(Extents) > 0 && ((Extents > 0) && ...)),
                  "unflatten: name the extents that the axis becomes, each of them positive: unflatten<1, 3, 4>">());
    static constexpr auto forward(auto x) {
        using X = shape_type_of<decltype(x)>;
        constexpr int axis = normal_axis(Axis, X::rank), product = (1 * ... * Extents);
        constexpr bool exists = axis >= 0 && axis < X::rank;
        if constexpr (!exists || X::value.d[exists ? axis : 0] != product) {
            using wrong =
                detail::mistake<detail::sentence("unflatten: the axis must be there, and its extent the product "
                                                 "of the new ones, ",
                                                 product, ": axis ", Axis, " of ", X::value)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else if constexpr (X::rank - 1 + int(sizeof...(Extents)) > max_rank) {
            using wrong = detail::mistake<detail::sentence("unflatten: a tensor has at most four axes: ", X::value,
                                                           " would have ", X::rank - 1 + int(sizeof...(Extents)))>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else
            return reshape<shape_by<detail::unflattened<X, axis, Extents...>>>(x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
