// The gradient of a tensor that is not trained: a name that was misspelt, a module's, or a buffer's.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/gradients.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

void f(pm::gradients<pm::nn::linear<3, 2>>& gradient) {
#ifdef MISTAKE
    gradient.at<"0.weight">().fill(
        0);  // error: gradient: the network has no trained tensor of this name, 0.weight; name one of these: weight, bias
#else
    gradient.at<"weight">().fill(0);
#endif
}
