// An array of another static shape assigned to a tensor.
// behaviour-d
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-d
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<3, 2>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
#endif
void f(pm::tensor<pm::shape<2, 3>>& t, array const& a) {
    t = a;  // error: assignment: the shape of the array differs from that of the tensor: [3, 2] to [2, 3]
}
