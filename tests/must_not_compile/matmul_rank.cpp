// A product with a tensor of rank 0.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x, pm::symbol<pm::shape<>, float> y) {
#ifdef MISTAKE
    return pm::matmul(x, y);  // error: matmul: both arguments must have an axis at least; multiply with a number by *
#else
    return x * y;
#endif
}
