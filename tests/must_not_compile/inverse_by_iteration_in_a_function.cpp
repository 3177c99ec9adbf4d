// A residual layer is undone by iteration, which no traced function does.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using branch = pm::nn::linear<3, 3, pm::weight<pm::param::lipschitz<0.5>>>;
#ifdef MISTAKE
using network = pm::nn::residual<branch>;
#else
using network = pm::nn::linear<3, 3, pm::weight<pm::param::orthogonal<>>>;
#endif
auto undone(network const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& y) {
    // error: residual is undone by iteration, on arrays only
    return pm::function([](auto& n, auto z) { return pm::inverse(n)(z); }, net)(y);
}
