// Calling a const network as in training.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using net = pm::nn::linear<3, 3> const;
#else
using net = pm::nn::linear<3, 3>;
#endif
auto f(net& m, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::training(m)(x);  // error: training: the network is const, and training stores its state
}
