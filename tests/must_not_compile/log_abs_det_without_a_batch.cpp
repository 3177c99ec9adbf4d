// Samples that a layer puts together have no log-determinants of their own.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using together = pm::nn::flatten<0>;
#else
using together = pm::nn::flatten<1>;
#endif
auto logarithms(pm::nn::sequential<pm::nn::tanh, together> const& net,
                xt::xtensor_fixed<float, xt::xshape<4, 3>> const& x) {
    return pm::log_abs_det(net, x);  // error: the first axis must be the batch throughout: of [4, 3] 1 (flatten)
}
