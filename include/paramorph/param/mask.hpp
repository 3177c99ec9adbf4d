// mask: x times a mask of zeros and ones, any shape. The mask is state: it begins as ones, `layer.weight.state()` is
// there to be written, and no optimizer moves it. What is masked is zero and has no gradient, whatever x is there, so
// that an element that diverged can be pruned (PyTorch: NaN). right_inverse: y itself. Grade: on_image: a value that is
// zero where the mask is can be assigned. Cost: one pass over memory. Source: torch.nn.utils.prune.custom_from_mask.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct mask {
    template <class Shape>
    using state = states<paramorph::state<"mask", Shape>>;
    static constexpr auto inverse = grade::on_image;
    static constexpr auto forward(auto x, auto keep) { return where(keep, x * keep, 0.0); }
    static constexpr auto right_inverse(auto y) { return y; }
    static constexpr auto initial_state(auto, auto noise) { return detail::filled_like(noise, 1); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
