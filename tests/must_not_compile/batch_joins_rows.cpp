// Rows of a run-time batch run in blocks; an attention between them would see those of a block.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using network = pm::nn::sequential<pm::nn::linear<8, 16>, pm::nn::multihead_attention<16, 4>>;

#ifdef MISTAKE
auto f(network const& net, xt::xtensor<float, 2> const& x) {
    // error: call: in a batch known at run time a row may depend on no other one and not on its place, as it does by
    return net(x);
}
#else
auto f(network const& net, xt::xtensor_fixed<float, xt::xshape<40, 8>> const& x) {
    return net(x);
}
#endif
