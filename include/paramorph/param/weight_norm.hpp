// weight_norm<dim>: g v / |v|, any shape: the length and the direction of each slice along axis `dim` apart (0, the
// default: of each row; param::whole_tensor: one length for all). Originals: original0 is g, the lengths, with the
// other axes at extent 1 (rank 0 for the whole tensor); original1 is v, in the shape of the weight.
//
//   right_inverse(w) = (|w|, w)        Grade: right: every weight can be made.
//
// A slice of v that is zero has no direction: its weight is zero, and so is its gradient (PyTorch: NaN). An assigned
// slice of zeros is kept, with length 0. Domain: squares must not overflow (|v| below 1.8e19 in float). Cost: one pass
// over memory. Source: Salimans and Kingma 2016, "Weight normalization"; torch.nn.utils.parametrizations.weight_norm,
// whose original0 and original1 these are; in older checkpoints they are called weight_g and weight_v.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/rsqrt_or_zero.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Dim = 0>
struct weight_norm {
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto g, auto v) {
        auto const s = detail::squares_of_slices<Dim>(v);
        auto const lengths = reshape<typename decltype(s)::shape_type>(g);
        return v * detail::spread<Dim, decltype(v)::rank>(lengths * rsqrt_or_zero(s));
    }
    static constexpr auto right_inverse(auto w) {
        auto const s = detail::squares_of_slices<Dim>(w);
        auto const length = where(s, sqrt(where(s, s, 1.0)), 0.0);
        return originals(detail::spread<Dim, decltype(w)::rank>(length), w);
    }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<weight_norm<>, shape<2, 3>>);
static_assert(round_trips<weight_norm<>, shape<2, 3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
