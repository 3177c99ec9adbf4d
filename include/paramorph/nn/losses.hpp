// Losses. Each gives a scalar, the mean over all elements, or over the rows of a batch. No gradient flows to labels.
//
//   mse(y, t)                            mean((y - t)^2)
//   huber(y, t, delta = 1)               mean of (y - t)^2 / 2 within delta, beyond delta (|y - t| - delta / 2)
//   binary_cross_entropy(y, t)           -mean(t log(y) + (1 - t) log(1 - y)), the logarithms not below -100
//   binary_cross_entropy_with_logits(z, t)   the same of y = sigmoid(z), without a logarithm of what is rounded to 0;
//                                          0 also where an infinite logit is right (PyTorch: NaN)
//   cross_entropy(logits, labels)        -mean(log_softmax(logits)[i, labels[i]]); logits [batch, classes], int32
//   [batch]
//
// Options of cross_entropy, in any order: cross_entropy<pm::ignore_index<-100>, pm::label_smoothing<0.1>>(z, labels).
// Rows whose label is the ignored one count neither in the sum nor in the mean (of none but such the mean is NaN, as
// PyTorch's), and have no gradient, whatever their logits are (PyTorch: NaN of logits that are not finite). Smoothing e
// takes (1 - e) of the loss of the label and e of the mean over all classes. Shapes: prediction and target are equal;
// probabilities and targets of binary losses lie in [0, 1], which is not checked. Errors: a label outside of [0,
// classes) that is not the ignored one fails the program's status (pm::error). Where PyTorch's binary_cross_entropy
// bounds its gradient at y of 0 and 1 by 1e12, here it is 0 or infinite there. Cost: one pass over the prediction in
// the loop that computes it, and one for the gradient; cross_entropy takes the three passes of log_softmax over each
// row. Source: torch.nn.functional.mse_loss, huber_loss, binary_cross_entropy, binary_cross_entropy_with_logits,
// cross_entropy; Huber 1964; Szegedy et al. 2016, section 7.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/op/clamp.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace refused {
[[noreturn]] inline void huber_takes_a_positive_delta() {
    say("paramorph: huber takes a positive delta");
}
}  // namespace refused

// Options of cross_entropy.
template <int Label = -100>
struct ignore_index {};
template <auto Part>
struct label_smoothing {
    static_assert(Part >= 0 && Part <= 1, "label_smoothing: give a part from 0 to 1");
};

namespace detail {

template <class X>
inline constexpr bool is_of_reals = is_real_operand<operand_type<X>>;

// Have prediction and target one shape, and are both of reals? Says so where not.
template <fixed_string Name, class Y, class Target>
constexpr bool is_target_of() {
    constexpr bool fits = extents_of<Y> == extents_of<Target>, real = is_of_reals<Y> && is_of_reals<Target>;
    if constexpr (!real) {
        using wrong =
            mistake<sentence(Name.view(), ": the prediction and the target must have the element type of the network: ",
                             named_operands<operand_type<Y>, operand_type<Target>>().view(),
                             "; int32 labels go to cross_entropy, as numbers they are an input of the element type")>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!fits) {
        using wrong =
            mistake<sentence(Name.view(), ": the prediction and the target must have the same shape: ", extents_of<Y>,
                             " and ", extents_of<Target>, "; pm::reshape<pm::shape<...>>(t) changes one")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits && real;
}
// A scalar in place of a loss that was refused.
template <traced Y, traced Target>
constexpr auto in_place_of_loss(Y const& y, Target const& target) {
    if constexpr (is_of_reals<Y>)
        return mean(y);
    else
        return mean(target);
}

struct cross_entropy_options {
    bool ignores = false;
    int ignored = 0;
    double smoothing = 0;
    bool known = true;

    template <int Label>
    constexpr void note(ignore_index<Label>) {
        ignores = true;
        ignored = Label;
    }
    template <auto Part>
    constexpr void note(label_smoothing<Part>) {
        smoothing = double(Part);
    }
    constexpr void note(...) { known = false; }
};

// 1 where a row's label is, of int32 labels; rows of the ignored one are zero.
template <class Shape, class T>
constexpr auto rows_of_labels(auto const& labels, cross_entropy_options const& o) {
    graph* const g = labels.traced;
    attributes const at{{Shape::value.d[1], o.ignores, o.ignored}};
    return symbol<Shape, T, ops<op::one_hot>>{
        g, g ? push_with<op::one_hot>(*g, at, op::label_outside_of<Shape::value.d[1]>.text, labels.id) : 0};
}

}  // namespace detail

template <traced Y, traced Target>
constexpr auto mse(Y const& y, Target const& target) {
    if constexpr (detail::is_target_of<"mse", Y, Target>())
        return mean(square(y - target));
    else
        return detail::in_place_of_loss(y, target);
}

template <traced Y, traced Target>
constexpr auto huber(Y const& y, Target const& target, double delta = 1) {
    if constexpr (detail::is_target_of<"huber", Y, Target>()) {
        if (!(delta > 0)) refused::huber_takes_a_positive_delta();
        auto const d = y - target;
        auto const within = clamp(d, -delta, delta);
        return mean(within * (d - 0.5 * within));
    } else
        return detail::in_place_of_loss(y, target);
}

template <traced Y, traced Target>
constexpr auto binary_cross_entropy(Y const& y, Target const& target) {
    if constexpr (detail::is_target_of<"binary_cross_entropy", Y, Target>()) {
        // The logarithm of 0 is -100, and its gradient 0. A condition holds where it is not 0.
        auto const floored = [](auto condition, auto log) { return where(condition, maximum(log, -100.0), -100.0); };
        auto const other = 1 - y;
        return -mean(target * floored(y, log(where(y, y, 1.0))) +
                     (1 - target) * floored(other, log1p(where(other, -y, 0.0))));
    } else
        return detail::in_place_of_loss(y, target);
}

template <traced Logits, traced Target>
constexpr auto binary_cross_entropy_with_logits(Logits const& z, Target const& target) {
    if constexpr (detail::is_target_of<"binary_cross_entropy_with_logits", Logits, Target>()) {
        // 0 times an infinite loss is 0: a target of 0 or 1 takes nothing of the other logarithm.
        double const most = std::numeric_limits<typename detail::operand_type<Logits>::value_type>::max();
        auto const times = [most](auto const& part, auto const& loss) {
            return part * where(part, loss, minimum(loss, most));
        };
        return mean(times(target, softplus(-z)) + times(1 - target, softplus(z)));
    } else
        return detail::in_place_of_loss(z, target);
}

template <class... Options, traced Logits, traced Labels>
constexpr auto cross_entropy(Logits const& logits, Labels const& labels) {
    constexpr detail::cross_entropy_options o = [] {
        detail::cross_entropy_options all;
        (all.note(Options{}), ...);
        return all;
    }();
    static_assert(o.known, "cross_entropy: an option must be pm::ignore_index<label> or pm::label_smoothing<part>");
    if constexpr (extents_of<Logits>.rank != 2 || !detail::is_of_reals<Logits>) {
        using wrong = detail::mistake<detail::sentence(
            "cross_entropy: the logits must be a matrix [batch, classes] and the labels a vector [batch]: ",
            detail::named_operands<detail::operand_type<Logits>, detail::operand_type<Labels>>().view(),
            detail::is_of_reals<Logits> ? "" : "; the logits come first: write pm::cross_entropy(net(x), labels)")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::in_place_of_loss(logits, labels);
    } else {
        auto const picked = pick(log_softmax<1>(logits), labels);  // says what is wrong with the labels
        if constexpr (!o.ignores && o.smoothing == 0)
            return -mean(picked);
        else if constexpr (!o.ignores)
            return -((1 - o.smoothing) * mean(picked) + o.smoothing * mean(log_softmax<1>(logits)));
        else {
            using shape = shape_type_of<Logits>;
            using T = typename detail::operand_type<Logits>::value_type;
            auto const hot = detail::rows_of_labels<shape, T>(detail::as_operand(labels), o);
            auto const kept = sum<1>(hot);
            auto const logs = log_softmax<1>(where(unsqueeze<1>(kept), logits, 0.0));
            auto const of_labels = sum(where(hot, logs, 0.0)) / sum(kept);
            if constexpr (o.smoothing == 0)
                return -of_labels;
            else {
                auto const of_classes = sum(where(unsqueeze<1>(kept), logs, 0.0)) / sum(kept);
                return -((1 - o.smoothing) * of_labels + o.smoothing / shape::value.d[1] * of_classes);
            }
        }
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
