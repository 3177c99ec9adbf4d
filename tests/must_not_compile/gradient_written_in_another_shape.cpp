// The gradient of a matrix is set to a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/gradients.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

void f(pm::gradients<pm::nn::linear<3, 2>>& gradient, xt::xtensor_fixed<float, xt::xshape<2, 3>> const& a,
       [[maybe_unused]] xt::xtensor_fixed<float, xt::xshape<6>> const& b) {
    auto weight = gradient.at<"weight">();
#ifdef MISTAKE
    weight = b;  // error: assignment: the shape of the array differs from that of what is written: [6] to [2, 3]
#endif
    weight = a;
}
