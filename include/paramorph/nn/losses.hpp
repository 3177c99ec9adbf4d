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
    static_assert(extents_of<Y> == extents_of<Target>, "mse: the prediction and the target must have the same shape");
    return mean(square(y - target));
}

template <traced Logits, traced Labels>
constexpr auto cross_entropy(Logits const& logits, Labels const& labels) {
    return -mean(pick(log_softmax<1>(logits), labels));
}

}  // namespace paramorph::inline PARAMORPH_ABI
