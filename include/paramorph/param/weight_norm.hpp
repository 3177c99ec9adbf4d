// weight_norm<dim>: g v / |v|, any shape: the length and the direction of each slice along axis `dim` apart (0, the
// default: of each row; param::whole_tensor: one length for all). Originals: original0 is g, the lengths, with the
// other axes at extent 1 (rank 0 for the whole tensor); original1 is v, in the shape of the weight.
//
//   right_inverse(w) = (|w|, w)        Grade: right: every weight can be made.
//
// A slice of v that is zero has no direction: its weight is zero, and so is its gradient (PyTorch: NaN). An assigned
// slice of zeros is kept, with length 0 and the direction of ones, so that it can be trained. v may be of any size
// (1e-45 to 3e38 in float). A slice that is assigned with a length below 7.5e-37 in float (2^-1000 in double) becomes a
// longer v of its direction. The gradient is exact to rounding where the products of v and the weight's cotangent fit
// (1e-38 to 3e38 in float). Cost: one pass over memory. Source: Salimans and Kingma 2016, "Weight normalization";
// torch.nn.utils.parametrizations.weight_norm, whose original0 and original1 these are; in older checkpoints they are
// called weight_g and weight_v.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Dim = 0>
struct weight_norm {
    static constexpr auto inverse = grade::right;
    // What older files have behind the weight's name, for the originals.
    static constexpr std::string_view older_names[2]{"_g", "_v"};
    static constexpr auto forward(auto g, auto v) {
        auto const squares = detail::squares_of_slices<"weight_norm", Dim>(v);
        auto const r = apply_elementwise<op::inverse_root_of_squares>(squares);
        auto const lengths = reshape<typename decltype(r)::shape_type>(g);
        constexpr int rank = decltype(v)::rank;
        return apply_elementwise<op::along>(v, detail::spread<Dim, rank>(lengths), detail::spread<Dim, rank>(r),
                                            detail::spread<Dim, rank>(apply_elementwise<op::scale_of_root>(squares)));
    }
    static constexpr auto right_inverse(auto w) {
        auto const length = detail::spread<Dim, decltype(w)::rank>(
            apply_elementwise<op::root_of_squares>(detail::squares_of_slices<"weight_norm", Dim>(w)));
        constexpr bool single = sizeof(typename decltype(w)::value_type) == 4;
        constexpr double least = single ? 0x1p-120 : 0x1p-1000, longer = single ? 0x1p100 : 0x1p900;
        auto const direction = where(length < least, w * longer, w);
        return originals(length, where(apply_elementwise<op::equal>(length, 0.0), 1.0, direction));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
