// The gradient of a tensor that has two originals, as if it had one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/gradients.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/weight_norm.hpp>

namespace pm = paramorph;

void f(pm::gradients<pm::nn::linear<3, 2, pm::weight<pm::param::weight_norm<>>>>& gradient) {
#ifdef MISTAKE
    gradient.at<"weight">().fill(
        0);  // error: gradient: weight has 2 originals: write original<path, 0>() for that of the first
#else
    gradient.original<"weight", 1>().fill(0);
#endif
}
