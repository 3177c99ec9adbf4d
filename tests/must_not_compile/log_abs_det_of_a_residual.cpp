// The determinant of a residual layer has no formula.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using branch = pm::nn::linear<3, 3, pm::weight<pm::param::lipschitz<0.5>>>;
#ifdef MISTAKE
using network = pm::nn::sequential<pm::nn::tanh, pm::nn::residual<branch>>;
#else
using network = pm::nn::sequential<pm::nn::tanh>;
#endif
auto logarithm(network const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::log_abs_det(net, x);  // error: 1 (residual) has none that is computed
}
