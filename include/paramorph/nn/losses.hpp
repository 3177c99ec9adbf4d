// Losses: mse(y, target) = mean((y - target)^2); cross_entropy(logits, labels) = -mean(log_softmax(logits)[i,
// labels[i]]), logits [batch, classes], labels int32 [batch]. Both give a scalar. Source: torch.nn.functional.mse_loss,
// cross_entropy.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/pick.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/square.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced Y, traced Target>
constexpr auto mse(Y const& y, Target const& target) {
    if constexpr (extents_of<Y> == extents_of<Target>)
        return mean(square(y - target));
    else {
        using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
            "mse: the prediction and the target must have the same shape: ", extents_of<Y>, " and ", extents_of<Target>,
            "; pm::reshape<pm::shape<...>>(t) changes one")>;
        return mean(y);
    }
}

template <traced Logits, traced Labels>
constexpr auto cross_entropy(Logits const& logits, Labels const& labels) {
    if constexpr (extents_of<Logits>.rank == 2)
        return -mean(pick(log_softmax<1>(logits), labels));
    else {
        using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
            "cross_entropy: the logits must be a matrix [batch, classes] and the labels a vector [batch]: ",
            extents_of<Logits>, " and ", extents_of<Labels>)>;
        return mean(logits);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
