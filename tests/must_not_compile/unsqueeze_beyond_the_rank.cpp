// A new axis beyond the end of the new shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::unsqueeze<3>(x);  // error: unsqueeze: the axis lies outside the new shape, or the rank would exceed 4
#else
    return pm::unsqueeze<2>(x);
#endif
}
