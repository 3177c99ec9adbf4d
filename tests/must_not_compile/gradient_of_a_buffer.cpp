// The gradient of a buffer, which is not trained.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/batch_norm.hpp>
#include <paramorph/nn/gradients.hpp>

namespace pm = paramorph;

auto f(pm::gradients<pm::nn::batch_norm<3>>& gradient) {
#ifdef MISTAKE
    return gradient.at<"running_mean">();  // error: gradient: the network has no trained tensor of this name, running_mean; name one of these: weight, bias
#else
    return gradient.at<"weight">();
#endif
}
