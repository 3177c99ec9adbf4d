// The singular values of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/svd.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<4>, float> x) {
#ifdef MISTAKE
    return pm::svd(x);  // error: svd: the argument must be a matrix
#else
    return pm::svd(pm::reshape<pm::shape<2, 2>>(x));
#endif
}
