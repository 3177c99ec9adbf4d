// The logarithm of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/rotation_log.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::rotation_log(x);  // error: rotation_log: the matrix must be square
#else
    return pm::rotation_log(pm::slice<1, 0, 3>(x));
#endif
}
