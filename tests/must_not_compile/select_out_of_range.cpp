// A selection beyond the end of an axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::select<0, 3>(x);  // error: select: no such axis, or the index lies outside it
#else
    return pm::select<0, 2>(x);
#endif
}
