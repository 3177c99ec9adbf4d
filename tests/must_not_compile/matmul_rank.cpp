// A product with a tensor of rank 3.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<4, 5, 6>, float>;
#else
using second = pm::symbol<pm::shape<4, 5>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::matmul(x, y);  // error: matmul: both arguments must be matrices or vectors
}
