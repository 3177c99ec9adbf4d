// A path in parentheses.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto const& use(pm::nn::linear<4, 2>& net) {
#ifdef MISTAKE
    return pm::get(net, "weight");  // error: get: the path is a template argument
#else
    return pm::get<"weight">(net);
#endif
}
