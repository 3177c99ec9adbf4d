// A coupling layer whose network gives too few numbers for those that it moves.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using inner = pm::nn::linear<1, 3>;
#else
using inner = pm::nn::linear<1, 4>;
#endif
using network = pm::nn::coupling<3, 1, inner>;
auto moved(network const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return net(x);  // error: coupling: of an input [3] the network must give 2 numbers in each row, to add, or 4
}
