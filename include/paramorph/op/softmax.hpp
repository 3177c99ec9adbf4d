// softmax<axis>(x) = exp(x) / sum(exp(x)), log_softmax<axis>(x) = x - log(sum(exp(x))), and logsumexp<axes...>(x) =
// log(sum(exp(x))), all shifted by the maximum so that nothing overflows. The axis is the last unless named; logsumexp
// is over all elements unless axes are named.
//
// They are made of other operations, and so are their adjoints; the maximum is a constant to them, because its
// contributions cancel. softmax and log_softmax of a row without a finite maximum are NaN, logsumexp is that maximum;
// as torch.softmax, torch.log_softmax and torch.logsumexp. The gradient of logsumexp is 0 where all elements are
// -infinity, and shared evenly by the elements that are infinite, where any is (torch.logsumexp: NaN). Errors: an axis
// that is not there is the compiler's. Cost: three passes over each row while it is in the cache. Source:
// torch.softmax, torch.log_softmax, torch.logsumexp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// x - m, where m is the largest of some x: 0 at m, also if that is infinite, and -infinity where m is.
struct below_maximum : elementwise<below_maximum, 2> {
    static constexpr std::string_view name = "below_maximum";
    static constexpr int cost = 4;
    using uses = ops<negate>;
    template <class M, class V>
    static constexpr V value(V x, V m) {
        V const zero(0), least(-std::numeric_limits<float>::infinity());
        V const shift = M::where(x == m, zero, m);  // infinity - infinity is refused in constant evaluation
        return M::where(x == m, M::where(m == least, m, zero), x - shift);
    }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = a.cotangent[0];
        a.of_argument[1] = push<negate>(g, a.cotangent[0]);
    }
};

}  // namespace op

namespace detail {

template <int Axis, traced X>
inline constexpr bool has_axis =
    normal_axis(Axis, extents_of<X>.rank) >= 0 && normal_axis(Axis, extents_of<X>.rank) < extents_of<X>.rank;

// x minus its maximum along an axis; the sentence where there is no such axis.
template <int Axis, traced X>
constexpr auto minus_maximum(X const& x) {
    if constexpr (has_axis<Axis, X>) {
        constexpr int axis = normal_axis(Axis, extents_of<X>.rank);
        return x - kept_axes<1 << axis>(detach(max<axis>(x)));
    } else {
        using wrong = mistake<sentence("softmax: the argument has no such axis: axis ", Axis, " of ", extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    }
}

}  // namespace detail

#define PARAMORPH_AXIS                                                                                   \
    "softmax, log_softmax, logsumexp: axes are template arguments: write pm::softmax<1>(x) in place of " \
    "pm::softmax(x, 1)"
#define PARAMORPH_TAKES_NO_AXIS(name)                                                             \
    template <traced X, detail::sentence Says = PARAMORPH_AXIS>                                   \
    PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_AXIS, "error")))                             \
    constexpr auto name(X const& x, detail::anything) -> detail::operand_type<X> PARAMORPH_GIVES( \
        detail::as_operand(x))
PARAMORPH_TAKES_NO_AXIS(softmax)
PARAMORPH_TAKES_NO_AXIS(log_softmax)
PARAMORPH_TAKES_NO_AXIS(logsumexp)
#undef PARAMORPH_TAKES_NO_AXIS
#undef PARAMORPH_AXIS

template <int Axis = -1, traced X>
constexpr auto softmax(X const& x) {
    auto const shifted = detail::minus_maximum<Axis>(x);
    if constexpr (detail::has_axis<Axis, X>) {
        auto const e = exp(shifted);
        return e / detail::kept_axes<1 << normal_axis(Axis, extents_of<X>.rank)>(sum<Axis>(e));
    } else
        return shifted;
}

template <int Axis = -1, traced X>
constexpr auto log_softmax(X const& x) {
    auto const shifted = detail::minus_maximum<Axis>(x);
    if constexpr (!detail::has_axis<Axis, X>)
        return shifted;
    else
        return shifted - detail::kept_axes<1 << normal_axis(Axis, extents_of<X>.rank)>(log(sum<Axis>(exp(shifted))));
}

template <int... Axes, traced X>
constexpr auto logsumexp(X const& x) {
    auto const largest = detach(max<Axes...>(x));
    if constexpr (traced<decltype(largest)>) {
        auto const m = detail::kept_axes<detail::axes_mask<Axes...>(extents_of<X>.rank)>(largest);
        auto const total = sum<Axes...>(exp(apply_elementwise<op::below_maximum>(x, m)));
        return where(equal(total, 0.0), largest, log(total)) + largest;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
