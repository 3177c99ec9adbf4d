// An index that lies outside the axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/gather.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::gather<0, 2, 3>(
        x);  // error: gather: an index lies outside the axis; indices count from 0 to its extent - 1
#else
    return pm::gather<1, 2, 0>(x);
#endif
}
