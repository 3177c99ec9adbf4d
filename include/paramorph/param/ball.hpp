// ball<Radius>: Radius x / sqrt(1 + |x|^2) along the last axis, any rank from 1 on: rows shorter than Radius, a number,
// 1 where none is given. right_inverse: y / sqrt(Radius^2 - |y|^2). Grade: bijective, on the open ball. A row beyond 1
// / sqrt(epsilon) (2.9e3 in float, 6.7e7 in double) is made as long as Radius but for rounding, and then may not be
// assigned again. An element counts as at most 1e30 (1e300 in double). log_abs_det of n numbers a row: the sum over
// rows of n log(Radius) - (n + 2) / 2 log(1 + |x|^2), exact where the value has rounded. Errors: assigning a row that
// is not shorter than Radius. Cost: one pass over memory. Source: this library's; geotorch has other maps onto its
// balls.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Radius = 1>
struct ball {
    static_assert(double(Radius) > 0, "ball: the radius must be greater than 0");
    using codomain = set::ball<Radius>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank > 0) {
            auto const v = limited(x);
            auto const [part, rest, scale] = of_length(v);
            return v * unsqueeze<-1>(part / sqrt(part * part + rest * rest) * double(Radius));
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (has_axis<decltype(y)>()) {
            auto const r = norm<2, -1>(y) * (1 / double(Radius));
            auto const inside = require(r, r < 1.0, "ball: every row assigned must be shorter than the radius");
            return y * (1 / double(Radius)) / unsqueeze<-1>(sqrt((1.0 - inside) * (1.0 + inside)));
        } else
            return y;
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        constexpr int n = e.from_end(0);
        auto const [part, rest, scale] = of_length(limited(x));
        // log(1 + |x|^2) / 2, of which the derivative is that of the second term.
        auto const half = log(scale) + 0.5 * log1p((part * part - 1.0) + rest * rest);
        return sum(n * math::log(double(Radius)) - double(n + 2) * half);
    }

  private:
    static constexpr auto limited(auto x) {
        constexpr double most = sizeof(typename decltype(x)::value_type) == 4 ? 1e30 : 1e300;
        return detail::bounded(x, -most, most);
    }
    // 1 / p, |x| / p and p = max(1, |x|), which 1 + |x|^2 = p^2 ((1 / p)^2 + (|x| / p)^2) does not depend on.
    static constexpr auto of_length(auto x) {
        auto const r = norm<2, -1>(x);
        auto const p = detach(maximum(r, 1.0));
        return std::tuple{1.0 / p, r / p, p};
    }
    template <class Y>
    static constexpr bool has_axis() {
        constexpr bool has = Y::rank > 0;
        static_assert(has, "ball: the tensor must have at least one axis");
        return has;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
