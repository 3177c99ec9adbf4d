// More padding than half of a window: a window could see nothing else.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/pooling.hpp>

namespace pm = paramorph;

using images = xt::xtensor_fixed<float, xt::xshape<1, 2, 6, 6>>;
#ifdef MISTAKE
using layer = pm::nn::max_pool2d<pm::kernel_size<2, 3>, pm::padding<1, 2>>;
#else
using layer = pm::nn::max_pool2d<pm::kernel_size<2, 3>, pm::padding<1, 1>>;
#endif
auto f(layer const& net, images const& x) {
    return net(
        x);  // error: max_pool2d: the padding must be a number, at most half of the kernel: kernel [2, 3], dilation [1, 1], padding [1, 2]
}
