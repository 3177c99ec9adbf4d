// Weights of two classes, of three.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using weights = pm::symbol<pm::shape<2>, float>;
#else
using weights = pm::symbol<pm::shape<3>, float>;
#endif
auto f(pm::symbol<pm::shape<4, 3>, float> z, pm::symbol<pm::shape<4>, std::int32_t> labels, weights w) {
    return pm::cross_entropy(z, labels, pm::loss_weight(w));  // error: cross_entropy: the weights must be those of the classes, [3]
}
