// Weights with more axes than what they weigh.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using weights = pm::symbol<pm::shape<4, 3>, float>;
#else
using weights = pm::symbol<pm::shape<3>, float>;
#endif
using prediction = pm::symbol<pm::shape<3>, float>;
auto f(prediction z, prediction t, weights w) {
    return pm::binary_cross_entropy_with_logits(z, t, pm::pos_weight(w));  // error: binary_cross_entropy_with_logits: the weights must broadcast to the prediction, [3]
}
