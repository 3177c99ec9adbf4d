// Reductions of the slices of a tensor, for parametrizations that act slice by slice along one axis. Errors: an axis
// that the tensor has not is the compiler's. Cost: one reduction, in the loop that computes its argument. Source: the
// argument dim of torch.nn.utils.parametrizations.weight_norm.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/length.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

// Instead of an axis: the whole tensor is one slice. As dim=None in PyTorch.
inline constexpr int whole_tensor = -100;

namespace detail {

// A number for each slice along axis Dim, [n], in the shape that broadcasts with a tensor of rank Rank: [1, n, 1] for
// Dim 1 of 3.
template <int Dim, int Rank, int Axis = 0>
constexpr auto spread(auto x) {
    if constexpr (Dim == whole_tensor || Axis == Rank)
        return x;
    else if constexpr (Axis == Dim)
        return spread<Dim, Rank, Axis + 1>(x);
    else
        return spread<Dim, Rank, Axis + 1>(unsqueeze<Axis>(x));
}
// Has a tensor of this shape the axis? A stage asks first, so that the answer is shown from it.
template <fixed_string Who, int Dim, class Shape>
constexpr bool has_axis() {
    constexpr bool has = Dim == whole_tensor || (Dim >= 0 && Dim < Shape::rank);
    if constexpr (!has) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": a tensor of shape ", Shape::value, " has no axis ", Dim,
            "; give 0 to rank - 1, or param::whole_tensor")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return has;
}
// A reduction of each slice along axis Dim, [n]; of the whole tensor, []: f.template operator()<axes...>(x) is the one
// over these axes, over all where there are none.
template <fixed_string Who, int Dim>
constexpr auto of_slices(auto x, auto f) {
    constexpr int rank = decltype(x)::rank;
    if constexpr (Dim == whole_tensor)
        return f(x);
    else if constexpr (!has_axis<Who, Dim, typename decltype(x)::shape_type>())
        return f(x);
    else if constexpr (rank == 1)
        return f.template operator()<1>(unsqueeze<1>(x));
    else
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return f.template operator()<(K < Dim ? K : K + 1)...>(x);
        }(std::make_integer_sequence<int, rank - 1>{});
}
// The sum of squares (op/length.hpp).
template <fixed_string Who, int Dim>
constexpr auto squares_of_slices(auto x) {
    return of_slices<Who, Dim>(x, []<int... Axes>(auto y) { return paramorph::detail::sum_of_squares<Axes...>(y); });
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI::param
