// lora<rank, alpha>: base + alpha / rank b a, [out, rank] and [rank, in] -> [out, in]: a weight that stays, as
// state, and a small correction that is trained. Originals: original0 is a, original1 is b. right_inverse(w): base
// becomes w, whatever it was (also not finite), b zero, and a the leading right singular vectors of w, so that the
// correction begins at nothing, where w is largest. Grade: right. alpha is a number. Cost: one product and one pass
// over memory; in a layer that alone reads it, x w^T is x base^T + alpha / rank (x a^T) b^T where that is cheaper, and
// w is not made (matmul_in_factors: x a^T must fit); assigning, an svd. Source: Hu et al. 2021, "LoRA: Low-rank
// adaptation of large language models", whose a is random; singular vectors: Meng et al. 2024, "PiSSA".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Rank, auto Alpha = Rank>
struct lora {
    template <class Shape>
    using state = states<paramorph::state<"base", Shape>>;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto a, auto b, auto base) {
        if constexpr (detail::can_have_rank(Rank, extents_of<decltype(base)>))
            return base + matmul_in_factors(b, a) * (double(Alpha) / Rank);
        else
            return base;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto w, auto) {
        if constexpr (detail::is_a_matrix_of_rank<"lora", Rank, decltype(w)>()) {
            auto const a = slice<0, 0, Rank>(std::get<2>(svd(w)));
            auto const b = detail::filled_like(slice<1, 0, Rank>(w), 0);
            return updated(originals(a, b), w);
        } else
            return updated(originals(w, w), w);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
