// A choice between two tensors that do not fit each other, by a condition that fits both.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/where.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<7, 5>, float>;
#else
using second = pm::symbol<pm::shape<5, 7>, float>;
#endif
auto f(pm::symbol<pm::shape<>, float> condition, pm::symbol<pm::shape<5, 7>, float> x, second y) {
    return pm::where(
        condition, x,
        y);  // error: the shapes do not broadcast
}
