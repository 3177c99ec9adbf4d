// float mixed with double in one expression.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3, 4>, double>;
#else
using second = pm::symbol<pm::shape<3, 4>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return x +
           y;  // error: float and double are mixed in one expression
}
