// group_sort<Group = 2, Axis = -1>: the elements of an axis in groups of so many that stand side by side, each in
// ascending order; group_sort<2> is MaxMin. It moves no two inputs apart, and no two inputs closer that have their
// order: an activation for networks of orthogonal weights, whose gradients it does not shrink.
//
// Shapes: any with that axis, whose extent is a multiple of Group;
// the result has the same one. Of equal elements each takes half of both gradients. NaN makes NaN of those that it is
// compared with. Errors: an axis that is not there, or not a multiple, is the compiler's. Cost: Group (Group - 1) / 2
// comparisons of two in place of each element, by odd-even transposition. Source: Anil et al. 2019, "Sorting out
// Lipschitz function approximation"; Chernodub and Nowicki 2016, "Norm-preserving orthogonal permutation linear unit".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>
#include <utility>

#include "paramorph/nn/call.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/minimum.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// [before, extent / Group, Group, behind], of an axis.
template <class X, int Axis, int Group>
struct in_groups {
    static constexpr extents value() {
        extents s{4, {1, X::value.d[Axis] / Group, Group, 1}};
        for (int k = 0; k < Axis; ++k) s.d[0] *= X::value.d[k];
        for (int k = Axis + 1; k < X::rank; ++k) s.d[3] *= X::value.d[k];
        return s;
    }
};

// Sorts a tuple of Count values of one type, in rounds of neighbours.
template <int Round, int Count, class Values>
constexpr auto sorted(Values const& x) {
    if constexpr (Round == Count)
        return x;
    else
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            auto const one = [&]<int I>(std::integral_constant<int, I>) {
                constexpr bool first = I % 2 == Round % 2;
                constexpr int other = first ? I + 1 : I - 1;
                if constexpr (other < 0 || other >= Count)
                    return std::get<I>(x);
                else if constexpr (first)
                    return minimum(std::get<I>(x), std::get<other>(x));
                else
                    return maximum(std::get<other>(x), std::get<I>(x));
            };
            return sorted<Round + 1, Count>(std::tuple{one(std::integral_constant<int, K>{})...});
        }(std::make_integer_sequence<int, Count>{});
}

}  // namespace detail

namespace nn {

template <int Group = 2, int Axis = -1>
struct group_sort {
    static constexpr bool keeps_shape = true;
    static_assert(detail::holds<(Group >= 1 && Group <= 16), "group_sort: groups are of 1 to 16 elements">());
    static constexpr auto forward(auto x) {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr int axis = normal_axis(Axis, s.rank);
        constexpr bool exists = axis >= 0 && axis < s.rank;
        if constexpr (!exists) {
            using wrong =
                detail::mistake<detail::sentence("group_sort: the input has no such axis: axis ", Axis, " of ", s)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else if constexpr (s.d[axis] % Group != 0) {
            using wrong = detail::mistake<detail::sentence(
                "group_sort: the extent along the axis must be a multiple of the group, ", Group, ": axis ", Axis,
                " of ", s)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else if constexpr (Group == 1)
            return x;
        else {
            using X = shape_type_of<decltype(x)>;
            auto const groups = reshape<shape_by<detail::in_groups<X, axis, Group>>>(x);
            return [&]<int... K>(std::integer_sequence<int, K...>) {
                auto const all = detail::sorted<0, Group>(std::tuple{slice<2, K, K + 1>(groups)...});
                return reshape<X>(concatenate<2>(std::get<K>(all)...));
            }(std::make_integer_sequence<int, Group>{});
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
