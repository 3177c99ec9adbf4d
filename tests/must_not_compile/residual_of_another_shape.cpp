// A residual block whose modules give another width.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/residual.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
#ifdef MISTAKE
using layer = pm::nn::residual<pm::nn::linear<3, 4>>;
#else
using layer = pm::nn::residual<pm::nn::linear<3, 3>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: residual: its modules must give the shape of their input, since both are added: the input is [2, 3], they give [2, 4]
}
