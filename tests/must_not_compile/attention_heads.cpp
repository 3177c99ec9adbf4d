// Heads that do not divide the width of the embedding.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/attention.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::multihead_attention<6, 4>;  // error: multihead_attention: the number of heads must divide the width of the embedding: 4 heads, 6 numbers
#else
using layer = pm::nn::multihead_attention<6, 3>;
#endif
auto f(layer const& net, xt::xtensor_fixed<float, xt::xshape<5, 6>> const& x) {
    return net(x);
}
