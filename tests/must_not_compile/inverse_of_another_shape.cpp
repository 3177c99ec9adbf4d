// The inverse of a result that the network does not give.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<3>>;
#endif
using network = pm::nn::linear<3, 3, pm::weight<pm::param::orthogonal<>>>;
auto undone(network const& net, array const& y) {
    return pm::inverse(net)(y);  // error: the network takes [3] and gives [3] of it, or as many of each in a batch
}
