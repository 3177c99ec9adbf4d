// binary<Axis>: s sign(x), s = mean|x|, any shape: two values. ternary<Axis>: s clamp(round(x / s), -1, 1), s =
// mean|x|, any shape: three values; s is at least the least normal number, and smaller weights become 0. One scale s
// for the whole tensor (Axis is param::whole_tensor, the default), or one for each slice along Axis, 0 for each output
// channel. The sum of magnitudes must fit. The sign of 0 and of -0 is 1 here. Rounding is to the nearest,
// ties to even.
//
// Gradient: that of s, through the mean; and straight through to x, s times the cotangent where |x| <= 1 (binary), the
// cotangent where x is not clamped, |x / s| <= 1.5 (ternary), 0 elsewhere. right_inverse(y): y (binary); y times the
// number of a slice's elements over that of those that are not zero (ternary), so that the mean is what it was. Grade:
// right, on slices of -s and s, or of -s, 0 and s. Errors: an axis of the tensor; `project` takes any numbers, an
// assignment only such ones. Cost: two passes over memory. Source: Rastegari et al. 2016, "XNOR-Net", and Courbariaux
// et al. 2016, "Binarized neural networks", for where the gradient ends; Ma et al. 2024, "The era of 1-bit LLMs".
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
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// The mean of each slice, in the shape that broadcasts with x.
template <fixed_string Who, int Dim>
constexpr auto mean_of_slices(auto x) {
    return spread<Dim, decltype(x)::rank>(of_slices<Who, Dim>(x, []<int... Axes>(auto y) { return mean<Axes...>(y); }));
}

}  // namespace detail

template <int Dim = whole_tensor>
struct binary {
    using codomain = set::two_values<Dim>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        auto const sign = where(x < 0, -1.0, where(x >= 0, 1.0, x));
        return detail::mean_of_slices<"binary", Dim>(abs(x)) * straight_through(sign, paramorph::clamp(x, -1.0, 1.0));
    }
    static constexpr auto right_inverse(auto y) { return y; }
};

template <int Dim = whole_tensor>
struct ternary {
    using codomain = set::three_values<Dim>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        constexpr double least = std::numeric_limits<typename decltype(x)::value_type>::min();
        auto const s = maximum(detail::mean_of_slices<"ternary", Dim>(abs(x)), least);
        auto const q = round(x * (1.0 / s));
        auto const kept = paramorph::clamp(q, -1.0, 1.0);
        auto const unclamped = where(apply_elementwise<op::equal>(q, kept), x, 0.0);
        return straight_through(kept * s, unclamped + detach(kept) * s);
    }
    static constexpr auto right_inverse(auto y) {
        static_cast<void>(detail::has_axis<"ternary", Dim, typename decltype(y)::shape_type>());
        auto const share = detail::mean_of_slices<"ternary", Dim>(where(y, 1.0, 0.0));
        return y / where(share, share, 1.0);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
