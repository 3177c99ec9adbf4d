// Indices that are floating-point numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/embedding.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<7>>;
#else
using array = xt::xtensor_fixed<std::int32_t, xt::xshape<7>>;
#endif
auto f(pm::nn::embedding<5, 3> const& net, array const& x) {
    return net(x);  // error: embedding: indices must be std::int32_t, they are float [7]: give the rows' numbers as
}
