// A name that no tensor of the module has.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3> const& layer) {
#ifdef MISTAKE
    return pm::get<"weights">(layer);  // error: get: the module has no tensor or module of this name
#else
    return pm::get<"weight">(layer);
#endif
}
