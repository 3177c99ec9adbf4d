// A slice of an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::slice<2, 0, 1>(x);  // error: slice: the argument has no such axis
#else
    return pm::slice<-2, 0, 1>(x);
#endif
}
