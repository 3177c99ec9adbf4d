// A binary loss of integers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using target = std::int32_t;
#else
using target = float;
#endif
auto f(pm::symbol<pm::shape<8>, float> logits, pm::symbol<pm::shape<8>, target> labels) {
    return pm::binary_cross_entropy_with_logits(
        logits,
        labels);  // error: the prediction and the target must have the element type of the network: float [8] and std::int32_t [8]
}
