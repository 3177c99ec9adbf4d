// Gathering along an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/gather.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::gather<2, 0, 0>(x);  // error: gather: the argument has no such axis
#else
    return pm::gather<-2, 0, 0>(x);
#endif
}
