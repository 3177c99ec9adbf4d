// The inverse of a network of float, of numbers in double.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<double, xt::xshape<3>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<3>>;
#endif
using network = pm::nn::linear<3, 3, pm::weight<pm::param::orthogonal<>>>;
auto undone(network const& net, array const& y) {
    return pm::inverse(net)(y);  // error: the tensors of the network are float, the elements of the array double
}
