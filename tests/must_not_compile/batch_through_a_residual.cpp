// A residual block whose modules give rows of another length is called with a run-time batch: one error, too.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/residual.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using block = pm::nn::residual<pm::nn::linear<4, 5>>;
#else
using block = pm::nn::residual<pm::nn::linear<4, 4>>;
#endif
auto f(block const& net, xt::xtensor<float, 2> const& x) {
    return net(x);  // error: residual: its modules must give the shape of their input, since both are added
}
