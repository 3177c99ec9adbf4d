// interval<Low, High>: low + (high - low) sigmoid(x), any shape. Low and High are numbers, integers or floating-point.
// right_inverse: the logit of (y - low) / (high - low). Grade: bijective, on the open interval; values stay inside the
// closed one where the sigmoid rounds to 0 or 1. Errors: assigning a number that does not lie strictly between. Cost:
// one pass over memory.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Low, auto High>
struct interval {
    static_assert(Low < High, "interval: the lower end must be less than the upper end");
    using codomain = set::interval<Low, High>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) { return sigmoid(x) * (double(High) - double(Low)) + double(Low); }
    static constexpr auto right_inverse(auto a) {
        auto const inside =
            require(require(a, a > double(Low), "interval: every element assigned must exceed the lower end"),
                    a < double(High), "interval: every element assigned must be less than the upper end");
        return log((inside - double(Low)) / (double(High) - inside));
    }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<interval<-1, 2>, shape<3>>);
static_assert(round_trips<interval<-1, 2>, shape<3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
