// Gathering without indices.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/gather.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::gather<0>(x);  // error: gather: name at least one index
#else
    return pm::gather<0, 0, 0>(x);
#endif
}
