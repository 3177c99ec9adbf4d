// A prediction of another shape than its target.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using target = xt::xtensor_fixed<float, xt::xshape<4, 1>>;
#else
using target = xt::xtensor_fixed<float, xt::xshape<4>>;
#endif
auto f(xt::xtensor_fixed<float, xt::xshape<4>> const& y, target const& t) {
    return pm::function([](auto a, auto b) {
        return pm::binary_cross_entropy_with_logits(a, b);
    })(y,
       t);  // error: binary_cross_entropy_with_logits: the prediction and the target must have the same shape: [4] and [4, 1]
}
