// The inverse of a network with a weight that may be singular.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using mix = pm::nn::linear<3, 3>;
#else
using mix = pm::nn::linear<3, 3, pm::weight<pm::param::invertible>>;
#endif
using network = pm::nn::sequential<mix, pm::nn::tanh>;
auto undone(network const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& y) {
    return pm::inverse(net)(y);  // error: the weight of 0 (linear) may be singular, for its set is real
}
