// A sum of shapes that do not fit.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3>, float>;
#else
using second = pm::symbol<pm::shape<4>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return x +
           y;  // error: the shapes do not broadcast
}
