// An array that would refer to the gradient of a step that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/gradients.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

float f() {
#ifdef MISTAKE
    auto const bias =
        pm::gradients<pm::nn::linear<3, 2>>()
            .at<"bias">();  // error: gradient: the array would refer to the memory of a temporary; name the result first
#else
    pm::gradients<pm::nn::linear<3, 2>> const gradient;
    auto const bias = gradient.at<"bias">();
#endif
    return bias(0);
}
