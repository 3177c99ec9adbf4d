// A sum along an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::sum<2>(x);  // error: reduction: the argument has no such axis
#else
    return pm::sum<1>(x);
#endif
}
