// Joining float and double.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/concatenate.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3>, double>;
#else
using second = pm::symbol<pm::shape<3>, float>;
#endif
auto f(pm::symbol<pm::shape<3>, float> x, second y) {
    return pm::concatenate<0>(x, y);
    // error: float and double are mixed in one expression
}
