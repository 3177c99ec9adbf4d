// A run-time batch of a network whose first layer, a convolution, does not say on which extents it slides.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using first = pm::nn::conv2d<1, 4, 3>;
#else
using first = pm::nn::conv2d<1, 4, 3, pm::input_size<8>>;
#endif
auto f(pm::nn::sequential<first, pm::nn::flatten<>> const& net, xt::xtensor<float, 4> const& x) {
    return net(
        x);  // error: into your struct, or into one around library layers, or give a first convolution pm::input_size<8>
}
