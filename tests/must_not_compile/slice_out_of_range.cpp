// A slice that ends beyond the axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::slice<1, 2, 5>(x);  // error: slice: the range must be non-empty and lie within the axis
#else
    return pm::slice<1, 2, 4>(x);
#endif
}
