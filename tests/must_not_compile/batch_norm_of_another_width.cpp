// A batch_norm behind a layer of another width.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/batch_norm.hpp>

namespace pm = paramorph;

auto f(pm::nn::batch_norm<4>& net) {
#ifdef MISTAKE
    return net(xt::xtensor_fixed<float, xt::xshape<2, 3>>{});  // error: batch_norm: takes [batch, 4], it is given [2, 3]: write batch_norm<3>
#else
    return net(xt::xtensor_fixed<float, xt::xshape<2, 4>>{});
#endif
}
