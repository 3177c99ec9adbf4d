// Output padding of a whole step.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/conv_transpose.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<1, 2, 6>>;
#ifdef MISTAKE
using layer = pm::nn::conv_transpose1d<2, 4, 3, pm::stride<2>, pm::output_padding<2>>;
#else
using layer = pm::nn::conv_transpose1d<2, 4, 3, pm::stride<2>, pm::output_padding<1>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: conv_transpose1d: the padding must be numbers or pm::causal, and the output padding less than the stride or the dilation: output padding [2], stride [2], dilation [1]
}
