// A reference to a tensor of a network that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3> const& layer) {
#ifdef MISTAKE
    auto const& w = pm::get<"weight">(pm::nn::linear<3, 3>{});  // error: get: the module is a temporary
#else
    auto const& w = pm::get<"weight">(layer);
#endif
    return w();
}
