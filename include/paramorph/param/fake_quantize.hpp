// fake_quantize<Bits, Axis>: s clamp(round(x / s), -n, n), s = max|x| / n, any shape: a weight that takes only values
// that Bits bits hold, n = 2^(Bits - 1) - 1, trained in floating point. One scale s for the whole tensor (Axis is
// param::whole_tensor, the default), or one for each slice along Axis, 0 for each output channel, as pm::quantize
// stores them. learned_fake_quantize<Bits, Axis>: s clamp(round(x / s), -n, n), s = c max|x| / n, any shape, where c is
// trained: how much of the range is kept. original0 is x, original1 is c, which counts as at most 1: one number, or one
// for each slice with the other axes at extent 1.
//
// Gradient: straight through where x is not clamped, 0 elsewhere; to s what torch's learnable scale has, round(x / s) -
// x / s or the bound, of which c gets max|x| / n times as much. The range counts as a constant. Rounding is to the
// nearest, ties to even. A scale is at least the least normal number: smaller weights become 0. Where a number is not
// finite, its slice becomes NaN.
//
// right_inverse(y): y itself, and c = 1. Grade: on_image: a value comes back where its largest number is n scales, as
// in all that forward makes. Errors: 2 to 16 bits, an axis of the tensor. Cost: two passes over memory. Source:
// torch.fake_quantize_per_tensor_affine and torch.fake_quantize_per_channel_affine with a zero point of 0; Jacob et al.
// 2017, "Quantization and training of neural networks"; Esser et al. 2019, "Learned step size quantization".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/op/abs.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

template <int Bits, int Dim>
struct quantizer {
    static_assert(Bits >= 2 && Bits <= 16, "fake_quantize: give 2 to 16 bits; for one bit take binary");
    static constexpr double high = double((1 << (Bits - 1)) - 1), low = -high;

    // The largest magnitude of each slice over the highest number, in the shape that broadcasts with x.
    static constexpr auto scale(auto x) {
        constexpr int rank = decltype(x)::rank;
        auto const largest = []<int... Axes>(auto y) { return max<Axes...>(y); };
        return detach(spread<Dim, rank>(of_slices<"fake_quantize", Dim>(abs(x), largest)) / high);
    }
    // With the scale `factor` times s, where the factor has a gradient.
    static constexpr auto value(auto x, auto s, auto... factor) {
        constexpr double least = std::numeric_limits<typename decltype(x)::value_type>::min();
        auto const step = detach(maximum((s * ... * factor), least));
        auto const u = x * (1.0 / step);
        auto const q = round(u);
        auto const kept = paramorph::clamp(q, low, high);
        auto const is_kept = apply_elementwise<op::equal>(q, kept);
        return straight_through(kept * step,
                                (where(is_kept, x, 0.0) + ... + (detach(where(is_kept, q - u, kept) * s) * factor)));
    }
};

}  // namespace detail

template <int Bits = 8, int Dim = whole_tensor>
struct fake_quantize {
    static constexpr auto inverse = grade::on_image;
    static constexpr auto forward(auto x) {
        using quantizer = detail::quantizer<Bits, Dim>;
        static_cast<void>(detail::has_axis<"fake_quantize", Dim, typename decltype(x)::shape_type>());
        return quantizer::value(x, quantizer::scale(x));
    }
    static constexpr auto right_inverse(auto y) { return y; }
};

template <int Bits = 8, int Dim = whole_tensor>
struct learned_fake_quantize {
    static constexpr auto inverse = grade::on_image;
    static constexpr auto forward(auto x, auto c) {
        using quantizer = detail::quantizer<Bits, Dim>;
        return quantizer::value(x, quantizer::scale(x), detail::bounded(c, 0, 1));
    }
    static constexpr auto right_inverse(auto y) {
        return originals(y, detail::filled_like(detail::quantizer<Bits, Dim>::scale(y), 1));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
