// The gradient of a third original where there are two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/gradients.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/weight_norm.hpp>

namespace pm = paramorph;

void f(pm::gradients<pm::nn::linear<3, 2, pm::weight<pm::param::weight_norm<>>>>& gradient) {
#ifdef MISTAKE
    gradient.original<"weight", 2>().fill(0);  // error: gradient: weight has no original 2: it has 2, from 0 on
#else
    gradient.original<"weight", 1>().fill(0);
#endif
}
