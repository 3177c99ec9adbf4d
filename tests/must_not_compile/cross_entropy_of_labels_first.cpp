// A loss whose logits and labels are exchanged.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<8, 3>, float> logits, pm::symbol<pm::shape<8>, std::int32_t> labels) {
#ifdef MISTAKE
    return pm::cross_entropy(
        labels,
        logits);  // error: std::int32_t [8] and float [8, 3]; the logits come first: write pm::cross_entropy(net(x)
#else
    return pm::cross_entropy(logits, labels);
#endif
}
