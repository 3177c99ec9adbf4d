// The LU factors of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/lu.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::lu(x);  // error: lu: the matrix must be square
#else
    return pm::lu(pm::slice<1, 0, 3>(x));
#endif
}
