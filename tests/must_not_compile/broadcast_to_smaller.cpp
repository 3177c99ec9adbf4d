// Broadcasting to a shape that the argument does not fit.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3, 2>, float>;
#else
using second = pm::symbol<pm::shape<3, 1>, float>;
#endif
auto f(second y) {
    return pm::broadcast_to<pm::shape<3, 4>>(
        y);  // error: broadcast_to: extents must be 1 or equal to those of the target
}
