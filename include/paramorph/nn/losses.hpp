// Losses. Each gives a scalar, the mean over all elements, or over the rows of a batch. No gradient flows to labels.
//
//   mse(y, t)                            mean((y - t)^2)
//   l1(y, t)                             mean(|y - t|)
//   huber(y, t, delta = 1)               mean of (y - t)^2 / 2 within delta, beyond delta (|y - t| - delta / 2)
//   binary_cross_entropy(y, t)           -mean(t log(y) + (1 - t) log(1 - y)), the logarithms not below -100
//   binary_cross_entropy_with_logits(z, t)   the same of y = sigmoid(z), without a logarithm of what is rounded to 0;
//                                          0 also where an infinite logit is right (PyTorch: NaN)
//   nll(logs, labels)                    -mean(logs[i, labels[i]]); logs [batch, classes], int32 [batch]
//   cross_entropy(logits, labels)        the same of logs = log_softmax(logits)
//
// Options, in any order: of all, pm::reduction<"sum">, or "none", which gives what the mean is taken of; of nll and
// cross_entropy pm::ignore_index<-100>; of cross_entropy pm::label_smoothing<0.1>. Weights follow, named:
// pm::loss_weight(w), of the binary losses for each element, of nll and cross_entropy for each class, whose mean is
// then the sum over that of the rows' weights; with logits pm::pos_weight(p), which the term of t is multiplied with
// (loss_options.hpp).
//
//     pm::cross_entropy<pm::label_smoothing<0.1>, pm::reduction<"sum">>(z, labels, pm::loss_weight(w))
//
// Rows whose label is the ignored one, and, where labels are not smoothed, those whose label weighs 0, count neither in
// the sum nor in the mean (of none but such the mean is NaN, as PyTorch's; of each it is 0), and have no gradient,
// whatever their logits are (PyTorch: NaN of logits that are not finite). Smoothing e takes (1 - e) of the loss of the
// label times its weight and e of the mean over all classes of their losses times their weights. Shapes: prediction and
// target are equal; probabilities and targets of binary losses lie in [0, 1], which is not checked. Errors: a label
// outside of [0, classes) that is not the ignored one fails the program's status (pm::error). Where PyTorch's
// binary_cross_entropy bounds its gradient at y of 0 and 1 by 1e12, here it is 0 or infinite there. Cost: one pass over
// the prediction in the loop that computes it, and one for the gradient; cross_entropy takes the three passes of
// log_softmax over each row. Source: torch.nn.functional.mse_loss, l1_loss, huber_loss, binary_cross_entropy,
// binary_cross_entropy_with_logits, nll_loss, cross_entropy; Huber 1964; Szegedy et al. 2016, section 7.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/nn/loss_options.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pick.hpp"
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

// Option of nll and cross_entropy: rows with this label do not count.
template <int Label = -100>
struct ignore_index {};
// Option of cross_entropy: this part of each label is shared out among all classes.
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

struct label_options {
    bool ignores = false, smooths = false, known = true;
    int ignored = 0;
    double smoothing = 0;

    template <int Label>
    constexpr void note(ignore_index<Label>) {
        ignores = true;
        ignored = Label;
    }
    template <auto Part>
    constexpr void note(label_smoothing<Part>) {
        smooths = true;
        smoothing = double(Part);
    }
    template <fixed_string Kind>
    constexpr void note(reduction<Kind>) {}
    constexpr void note(...) { known = false; }
};
template <class... Options>
inline constexpr label_options label_options_of = [] {
    label_options all;
    (all.note(Options{}), ...);
    return all;
}();

// 1 where a row's label is, of int32 labels; rows of the ignored one are zero.
template <class Shape, class T>
constexpr auto rows_of_labels(auto const& labels, label_options const& o) {
    graph* const g = labels.traced;
    attributes const at{{Shape::value.d[1], o.ignores, o.ignored}};
    return symbol<Shape, T, ops<op::one_hot>>{
        g, g ? push_with<op::one_hot>(*g, at, op::label_outside_of<Shape::value.d[1]>.text, labels.id) : 0};
}

// Has each class a weight? Says so where not.
template <fixed_string Name, class X, class W>
constexpr bool is_weight_of_classes() {
    constexpr bool fits = extents_of<W> == extents{1, {extents_of<X>.d[1]}} && is_real_operand<W>;
    if constexpr (!fits) {
        using wrong = mistake<sentence(Name.view(), ": the weights must be those of the classes, [", extents_of<X>.d[1],
                                       "], of the logits' element type: they are ", named_operands<W>().view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}
// The weight of each class, where there is one.
template <class W>
constexpr auto weight_of_classes(loss_weight<W> const& by) {
    return by.value;
}

// Of rows that count by their labels: `logs_of(logits)` are the logarithms.
template <class... Options, class X, class Labels, class... Named>
constexpr auto loss_of_labels(X const& x, Labels const& labels, auto const& logs_of, Named const&... named) {
    constexpr label_options o = label_options_of<Options...>;
    auto const picked = pick(logs_of(x), labels);  // says what is wrong with the labels
    if constexpr (!o.ignores && sizeof...(Named) == 0) {
        if constexpr (o.smoothing == 0)
            return -reduced_loss<Options...>(picked);
        else
            return -reduced_loss<Options...>((1 - o.smoothing) * picked + o.smoothing * mean<1>(logs_of(x)));
    } else {
        using shape = shape_type_of<X>;
        using T = typename operand_type<X>::value_type;
        auto const hot = rows_of_labels<shape, T>(as_operand(labels), o);
        auto const times_weights = [&](auto const& numbers) {
            if constexpr (sizeof...(Named) == 0)
                return numbers;
            else
                return times_weight(numbers, weight_of_classes(named...));
        };
        auto const row = [&] {  // what each row counts for
            if constexpr (sizeof...(Named) == 0)
                return sum<1>(hot);
            else
                return sum<1>(where(hot, weight_of_classes(named...), 0.0));
        }();
        auto const counted = [&] {  // where labels are smoothed, a row has a loss whatever its label weighs
            if constexpr (o.smoothing == 0)
                return row;
            else
                return sum<1>(hot);
        }();
        auto const logs = logs_of(where(unsqueeze<1>(counted), x, 0.0));
        auto const of_label = where(row, row * sum<1>(where(hot, logs, 0.0)), 0.0);
        auto const each = [&] {
            if constexpr (o.smoothing == 0)
                return of_label;
            else {
                auto const of_classes = sum<1>(where(unsqueeze<1>(counted), times_weights(logs), 0.0));
                return (1 - o.smoothing) * of_label + o.smoothing / shape::value.d[1] * of_classes;
            }
        }();
        if constexpr (reduction_among<Options...> == reduced_by::mean)
            return -(sum(each) / sum(row));
        else
            return -reduced_loss<Options...>(each);
    }
}

// The same, once options, logits and weights are known to fit.
template <fixed_string Name, bool Smooths, class... Options, class X, class Labels, class... Named>
constexpr auto checked_loss_of_labels(X const& x, Labels const& labels, auto const& logs_of, Named const&... named) {
    constexpr label_options o = label_options_of<Options...>;
    if constexpr (!o.known || (o.smooths && !Smooths)) {
        using wrong = mistake<sentence(Name.view(), ": an option must be pm::ignore_index<label>",
                                       Smooths ? ", pm::label_smoothing<part>" : "", " or pm::reduction<kind>")>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (extents_of<X>.rank != 2 || !is_of_reals<X>) {
        using wrong = mistake<sentence(
            Name.view(), ": the logits must be a matrix [batch, classes] and the labels a vector [batch]: ",
            named_operands<operand_type<X>, operand_type<Labels>>().view(),
            is_of_reals<X> ? "" : "; the logits come first: write pm::cross_entropy(net(x), labels)")>;
        using said [[maybe_unused]] = wrong::type;
        return in_place_of_loss(x, labels);
    } else if constexpr (given_once<Name, Options...>() && are_named_weights<Name, false, Named...>()) {
        if constexpr ((is_weight_of_classes<Name, X, decltype(Named::value)>() && ...))
            return loss_of_labels<Options...>(x, labels, logs_of, named...);
        else
            return in_place_of_loss(x, labels);
    } else
        return in_place_of_loss(x, labels);
}

}  // namespace detail

template <class... Options, traced Y, traced Target>
constexpr auto mse(Y const& y, Target const& target) {
    if constexpr (detail::takes_only_a_reduction<"mse", Options...>() && detail::is_target_of<"mse", Y, Target>())
        return detail::reduced_loss<Options...>(square(y - target));
    else
        return detail::in_place_of_loss(y, target);
}

template <class... Options, traced Y, traced Target>
constexpr auto l1(Y const& y, Target const& target) {
    if constexpr (detail::takes_only_a_reduction<"l1", Options...>() && detail::is_target_of<"l1", Y, Target>())
        return detail::reduced_loss<Options...>(abs(y - target));
    else
        return detail::in_place_of_loss(y, target);
}

template <class... Options, traced Y, traced Target>
constexpr auto huber(Y const& y, Target const& target, double delta = 1) {
    if constexpr (detail::takes_only_a_reduction<"huber", Options...>() && detail::is_target_of<"huber", Y, Target>()) {
        if (!(delta > 0)) refused::huber_takes_a_positive_delta();
        auto const d = y - target;
        auto const within = clamp(d, -delta, delta);
        return detail::reduced_loss<Options...>(within * (d - 0.5 * within));
    } else
        return detail::in_place_of_loss(y, target);
}

template <class... Options, traced Y, traced Target, class... Named>
constexpr auto binary_cross_entropy(Y const& y, Target const& target, Named const&... weights) {
    if constexpr (detail::takes_only_a_reduction<"binary_cross_entropy", Options...>() &&
                  detail::is_target_of<"binary_cross_entropy", Y, Target>() &&
                  detail::are_weights<"binary_cross_entropy", false, Y, Named...>()) {
        // The logarithm of 0 is -100, and its gradient 0. A condition holds where it is not 0.
        auto const floored = [](auto condition, auto log) { return where(condition, maximum(log, -100.0), -100.0); };
        auto const other = 1 - y;
        return -detail::reduced_loss<Options...>(detail::weighed(
            target * floored(y, log(where(y, y, 1.0))) + (1 - target) * floored(other, log1p(where(other, -y, 0.0))),
            weights...));
    } else
        return detail::in_place_of_loss(y, target);
}

template <class... Options, traced Logits, traced Target, class... Named>
constexpr auto binary_cross_entropy_with_logits(Logits const& z, Target const& target, Named const&... weights) {
    if constexpr (detail::takes_only_a_reduction<"binary_cross_entropy_with_logits", Options...>() &&
                  detail::is_target_of<"binary_cross_entropy_with_logits", Logits, Target>() &&
                  detail::are_weights<"binary_cross_entropy_with_logits", true, Logits, Named...>()) {
        // 0 times an infinite loss is 0: a target of 0 or 1 takes nothing of the other logarithm.
        double const most = std::numeric_limits<typename detail::operand_type<Logits>::value_type>::max();
        auto const times = [most](auto const& part, auto const& loss) {
            return part * where(part, loss, minimum(loss, most));
        };
        auto const positive = detail::positive_weighed(times(target, softplus(-z)), weights...);
        return detail::reduced_loss<Options...>(detail::weighed(positive + times(1 - target, softplus(z)), weights...));
    } else
        return detail::in_place_of_loss(z, target);
}

template <class... Options, traced Logs, traced Labels, class... Named>
constexpr auto nll(Logs const& logs, Labels const& labels, Named const&... weights) {
    auto const as_they_are = [](auto const& x) { return detail::as_operand(x); };
    return detail::checked_loss_of_labels<"nll", false, Options...>(logs, labels, as_they_are, weights...);
}

template <class... Options, traced Logits, traced Labels, class... Named>
constexpr auto cross_entropy(Logits const& logits, Labels const& labels, Named const&... weights) {
    auto const logs_of = [](auto const& x) { return log_softmax<1>(x); };
    return detail::checked_loss_of_labels<"cross_entropy", true, Options...>(logits, labels, logs_of, weights...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
