// A weight assigned through a network that is const.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using net = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> const;
#else
using net = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>;
#endif
void f(net& m, xt::xtensor_fixed<float, xt::xshape<3, 3>> const& a) {
    m.weight = a;  // error: assignment: this tensor is const, because its network is, or a view of it for inference
}
