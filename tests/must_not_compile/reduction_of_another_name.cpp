// A reduction that there is not.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

using prediction = pm::symbol<pm::shape<3, 4>, float>;
#ifdef MISTAKE
using reduced = pm::reduction<"batchmean">;
#else
using reduced = pm::reduction<"mean">;
#endif
auto f(prediction y, prediction t) {
    return pm::l1<reduced>(y, t);  // error: reduction: the kind, a text, must be mean, sum or none
}
