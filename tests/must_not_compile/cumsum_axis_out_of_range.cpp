// A cumulative sum along an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/cumsum.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::cumsum<2>(x);  // error: cumsum: the argument has no such axis
#else
    return pm::cumsum<-1>(x);
#endif
}
