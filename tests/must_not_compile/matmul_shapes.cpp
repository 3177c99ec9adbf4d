// A product of matrices whose inner extents differ.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3, 5>, float>;
#else
using second = pm::symbol<pm::shape<4, 5>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::matmul(x, y);  // error: matmul: the columns of the left argument must equal the rows of the right one
}
