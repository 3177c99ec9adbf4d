// A value that refers to the memory of a frozen network that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

float f(pm::nn::linear<3, 3> const& layer) {
    auto const frozen = pm::freeze(layer);
#ifdef MISTAKE
    auto const w = pm::freeze(layer).value<"weight">();  // error: value: it would refer to the memory of a temporary
#else
    auto const w = frozen.value<"weight">();
#endif
    return w(0, 0);
}
