// Pairs of an odd number of elements.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using network = pm::nn::sequential<pm::nn::linear<4, 5>, pm::nn::group_sort<2>>;
#else
using network = pm::nn::sequential<pm::nn::linear<4, 6>, pm::nn::group_sort<2>>;
#endif

inline auto call(network const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);  // error: group_sort: the extent along the axis must be a multiple of the group, 2: axis -1 of [5]
}
