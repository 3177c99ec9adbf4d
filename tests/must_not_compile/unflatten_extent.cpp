// An axis that does not hold as many elements as the new ones.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/flatten.hpp>

namespace pm = paramorph;

using layer = pm::nn::unflatten<1, 3, 4>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<2, 11>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 12>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: unflatten: the axis must be there, and its extent the product of the new ones, 12: axis 1 of [2, 11]
}
