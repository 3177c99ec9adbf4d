// Windows of two elements that lie before and behind the input.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/pooling.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using sequence = xt::xtensor_fixed<float, xt::xshape<1, 2, 2>>;
#else
using sequence = xt::xtensor_fixed<float, xt::xshape<1, 2, 3>>;
#endif
auto f(pm::nn::max_pool1d<2, pm::dilation<3>, pm::padding<1>> const& net, sequence const& x) {
    return net(x);  // error: max_pool1d: a window holds nothing but padding: kernel [2], dilation [3], padding [1] on [1, 2, 2]; take less pm::padding
}
