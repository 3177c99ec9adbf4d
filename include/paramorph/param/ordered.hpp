// ordered: y_0 = x_0, y_k = y_k-1 + exp(x_k) along the last axis, any rank from 1 on: rows of increasing numbers.
// right_inverse: x_0 = y_0, x_k = log(y_k - y_k-1). Grade: bijective. Rows increase strictly after rounding, too: a
// step that is lost in the sum (exp(-50) beside 1) becomes one to the next number of the element type; only at its
// largest number, beyond which a row would go on, it stays. log_abs_det: the sum of x_1, x_2, ... of all rows. Errors:
// assigning a row that does not increase. Cost: two passes over memory. Source: Stan Reference Manual, Ordered vector.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/exponential.hpp"
#include "paramorph/param/increasing.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct ordered {
    using codomain = set::ordered;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (!detail::has_rows<"ordered", decltype(x)>() || length<decltype(x)> == 1)
            return x;
        else
            return detail::increasing(
                concatenate<-1>(slice<-1, 0, 1>(x), exponential::forward(detail::elements_from<1>(x))));
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (length<decltype(y)> == 1)
            return y;
        else {
            auto const steps = detail::elements_from<1>(y) - slice<-1, 0, length<decltype(y)> - 1>(y);
            return concatenate<-1>(slice<-1, 0, 1>(y),
                                   log(require(steps, steps > 0,
                                               "ordered: every element assigned must exceed the one "
                                               "before it in its row")));
        }
    }
    static constexpr auto log_abs_det(auto x) {
        if constexpr (length<decltype(x)> == 1)
            return paramorph::detail::no_log_abs_det(x);
        else
            return sum(detail::elements_from<1>(x));
    }

  private:
    template <class X>
    static constexpr int length = extents_of<X>.from_end(0);
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
