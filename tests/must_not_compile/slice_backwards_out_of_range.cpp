// A slice backwards whose end lies behind its beginning.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::slice<1, 0, 8, -1>(
        x);  // error: slice: the range must be non-empty and lie within the axis: backwards from
#else
    return pm::slice<1, 7, -1, -1>(x);
#endif
}
