// The logarithm of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/log_rotation.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::log_rotation(x);  // error: log_rotation: the matrix must be square
#else
    return pm::log_rotation(pm::slice<1, 0, 3>(x));
#endif
}
