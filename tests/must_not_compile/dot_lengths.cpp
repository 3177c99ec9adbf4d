// The product of vectors of different lengths.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/dot.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x, pm::symbol<pm::shape<4>, float> y) {
#ifdef MISTAKE
    return pm::dot(x, y);  // error: dot: the arguments must be two vectors of one length; matmul takes matrices
#else
    return pm::dot(pm::pad<0, 0, 1>(x), y);
#endif
}
