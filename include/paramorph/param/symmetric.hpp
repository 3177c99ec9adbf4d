// symmetric: triu(x) + triu(x, 1)^T, [n, n] -> [n, n]; the upper triangle is free. right_inverse: triu(a).
// A zero has the sign of the original's (PyTorch's sum: +0). Grade: right, on the symmetric matrices. Cost: one pass
// over memory. Source: the example of torch.nn.utils.parametrize.register_parametrization.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct symmetric {
    using codomain = set::symmetric;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        if constexpr (paramorph::detail::is_square<"symmetric", decltype(x), true>())
            return triu(x) + transpose(triu<1>(x));
        else
            return x;
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (decltype(a)::rank < 2)
            return a;  // forward says it
        else
            return triu(a);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
