// What losses share: the option that says how the losses of elements or rows become one, PyTorch's `reduction`, and
// weights of classes or elements, its `weight` and `pos_weight`.
//
//   pm::mse<pm::reduction<"sum">>(y, t)                         "mean" where nothing is said, "sum" or "none"
//   pm::cross_entropy(z, labels, pm::loss_weight(w))            w [classes]
//   pm::binary_cross_entropy(y, t, pm::loss_weight(w))          w broadcasts to y, or is a number
//   pm::binary_cross_entropy_with_logits(z, t, pm::loss_weight(w), pm::pos_weight(p))    each alone, and in any order
//
// Weights are tensors of the loss: an input of the step, or a buffer of the network, `n.weights`. Errors: weights that
// do not broadcast, an option given twice, another reduction are the compiler's. Cost: none of their own.
// Source: torch.nn.functional, the arguments of these names.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/given_once.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of losses.
template <fixed_string Kind>
struct reduction {
    static_assert(detail::holds<(Kind.view() == "mean" || Kind.view() == "sum" || Kind.view() == "none"),
                                "reduction: the kind, a text, must be mean, sum or none">());
};

// What each class, or each element, counts for in a loss.
template <operand W>
struct loss_weight {
    detail::operand_type<W> value;
    explicit constexpr loss_weight(W const& w) : value(detail::as_operand(w)) {}
};
// What the targets of 1 count for.
template <operand W>
struct pos_weight {
    detail::operand_type<W> value;
    explicit constexpr pos_weight(W const& w) : value(detail::as_operand(w)) {}
};

namespace detail {

template <class Option>
inline constexpr bool is_reduction = false;
template <fixed_string Kind>
inline constexpr bool is_reduction<reduction<Kind>> = true;

enum class reduced_by { mean, sum, none };
template <class... Options>
inline constexpr reduced_by reduction_among = reduced_by::mean;
template <class Option, class... Rest>
inline constexpr reduced_by reduction_among<Option, Rest...> = reduction_among<Rest...>;
template <fixed_string Kind, class... Rest>
inline constexpr reduced_by reduction_among<reduction<Kind>, Rest...> = Kind.view() == "sum"    ? reduced_by::sum
                                                                        : Kind.view() == "none" ? reduced_by::none
                                                                                                : reduced_by::mean;

// The losses of all elements as the options say.
template <class... Options>
constexpr auto reduced_loss(auto const& each) {
    if constexpr (reduction_among<Options...> == reduced_by::mean)
        return mean(each);
    else if constexpr (reduction_among<Options...> == reduced_by::sum)
        return sum(each);
    else
        return each;
}
// A loss whose only option is a reduction.
template <fixed_string Name, class... Options>
constexpr bool takes_only_a_reduction() {
    constexpr bool known = ((is_reduction<Options> && sizeof(Options) > 0) && ...);  // and a kind there is
    if constexpr (!known) {
        using wrong = mistake<sentence(Name.view(), ": an option must be pm::reduction<kind>, \"mean\", \"sum\" or ",
                                       "\"none\"")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return given_once<Name, Options...>();
}

template <class X>
inline constexpr bool is_loss_weight = false;
template <class W>
inline constexpr bool is_loss_weight<loss_weight<W>> = true;
template <class X>
inline constexpr bool is_pos_weight = false;
template <class W>
inline constexpr bool is_pos_weight<pos_weight<W>> = true;

// Do weights W broadcast to the prediction Y? Says so where not.
template <fixed_string Name, class Y, class W>
constexpr bool weight_broadcasts() {
    constexpr bool fits = broadcast(extents_of<Y>, extents_of<W>) == extents_of<Y> && is_real_operand<W>;
    if constexpr (!fits) {
        using wrong = mistake<sentence(Name.view(), ": the weights must broadcast to the prediction, ", extents_of<Y>,
                                       ", and have its element type: they are ", named_operands<W>().view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}
// Are what follows prediction and target weights, named? Says so where not.
template <fixed_string Name, bool Positive, class... Named>
constexpr bool are_named_weights() {
    if constexpr (!((is_loss_weight<Named> || (Positive && is_pos_weight<Named>)) && ...)) {
        using wrong = mistake<sentence(Name.view(), ": behind the prediction and the target stand weights, named: ",
                                       "pm::loss_weight(w)", Positive ? ", pm::pos_weight(p)" : "")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else
        return given_once<Name, Named...>();
}
template <fixed_string Name, bool Positive, class Y, class... Named>
constexpr bool are_weights() {
    if constexpr (are_named_weights<Name, Positive, Named...>())
        return (weight_broadcasts<Name, Y, decltype(Named::value)>() && ...);
    else
        return false;
}
// The loss times its weights; of a weight of 0 nothing is left, whatever the loss is.
constexpr auto times_weight(auto const& loss, auto const& weight) {
    if constexpr (number<decltype(weight)>)
        return loss * weight;
    else
        return where(weight, weight * loss, 0.0);
}
constexpr auto weighed(auto const& loss) {
    return loss;
}
template <class W>
constexpr auto weighed(auto const& loss, loss_weight<W> const& by, auto const&...) {
    return times_weight(loss, by.value);
}
template <class P>
constexpr auto weighed(auto const& loss, pos_weight<P> const&, auto const&... rest) {
    return weighed(loss, rest...);
}
constexpr auto positive_weighed(auto const& loss) {
    return loss;
}
template <class P>
constexpr auto positive_weighed(auto const& loss, pos_weight<P> const& by, auto const&...) {
    return times_weight(loss, by.value);
}
template <class W>
constexpr auto positive_weighed(auto const& loss, loss_weight<W> const&, auto const&... rest) {
    return positive_weighed(loss, rest...);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
