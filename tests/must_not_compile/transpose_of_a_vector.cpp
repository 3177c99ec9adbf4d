// The transpose of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/transpose.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<4>, float> x) {
#ifdef MISTAKE
    return pm::transpose(
        x);  // error: transpose: the argument must be a matrix; a vector has no second axis (use unsqueeze)
#else
    return pm::transpose(pm::unsqueeze<0>(x));
#endif
}
