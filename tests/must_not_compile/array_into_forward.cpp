// An array given to forward, in place of the network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(pm::nn::sequential<pm::nn::linear<4, 2>, pm::nn::relu> const& net,
         xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
#ifdef MISTAKE
    return net.forward(x);  // error: forward: it is traced, and is given an array, float [4]: call the network
#else
    return net(x);
#endif
}
