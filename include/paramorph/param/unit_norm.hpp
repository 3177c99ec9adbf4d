// unit_norm: x / |x| along the last axis, any rank from 1 on; every row is a unit vector. right_inverse: the same, so
// that any rows can be projected. Grade: right, on tensors of unit rows. Errors: a row of zeros has no direction:
// pm::error. Domain: squares must not overflow. Cost: two passes over memory, because of the check. Source:
// torch.nn.functional.normalize.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct unit_norm {
    using codomain = set::unit_rows;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        static_assert(decltype(x)::rank > 0, "unit_norm: the tensor must have at least one axis");
        auto const s = sum<-1>(x * x);
        auto const squares = require(s, s > 0, "unit_norm: a row of the original is zero and has no direction");
        return x * unsqueeze<-1>(rsqrt(squares));
    }
    static constexpr auto right_inverse(auto y) { return forward(y); }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<unit_norm, shape<2, 3>>);
static_assert(round_trips<unit_norm, shape<2, 3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
