// A mean squared error of two shapes that merely broadcast.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<4>, float>;
#else
using second = pm::symbol<pm::shape<3, 4>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::mse(x, y);  // error: mse: the prediction and the target must have the same shape
}
