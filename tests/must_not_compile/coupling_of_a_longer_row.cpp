// A coupling layer that is given rows of another length.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<3>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2>>;
#endif
auto moved(pm::nn::coupling<2, 1, pm::nn::linear<1, 2>> const& layer, array const& x) {
    return layer(x);  // error: coupling: 2 numbers expected along the last axis, the input is [3]
}
