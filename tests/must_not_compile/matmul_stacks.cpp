// A product of stacks of three and of two matrices.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4, 5>, float> x, pm::symbol<pm::shape<2, 5, 4>, float> y) {
#ifdef MISTAKE
    return pm::matmul(
        x,
        y);  // error: matmul: the leading axes do not broadcast; aligned before the last two, extents must be equal or 1
#else
    return pm::matmul(pm::unsqueeze<1>(x), y);
#endif
}
