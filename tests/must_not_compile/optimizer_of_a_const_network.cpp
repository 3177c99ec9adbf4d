// An optimizer of a network that is const.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/optim/adam.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using net = pm::nn::linear<3, 3> const;
#else
using net = pm::nn::linear<3, 3>;
#endif
void f(net& m, pm::gradients<pm::nn::linear<3, 3>> const& gradient) {
    pm::optim::adam(m).step(gradient);  // error: adam: the network is const, and training changes it
}
