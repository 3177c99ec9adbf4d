// Weights of which nothing says what they weigh.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

using prediction = pm::symbol<pm::shape<3>, float>;
auto f(prediction z, prediction t, prediction w) {
#ifdef MISTAKE
    return pm::binary_cross_entropy_with_logits(z, t, w);  // error: binary_cross_entropy_with_logits: behind the prediction and the target stand weights, named: pm::loss_weight(w), pm::pos_weight(p)
#else
    return pm::binary_cross_entropy_with_logits(z, t, pm::loss_weight(w));
#endif
}
