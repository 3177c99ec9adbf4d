// A parametrization as PyTorch registers it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(pm::nn::linear<4, 4> const& net) {
#ifdef MISTAKE
    pm::register_parametrization(net, "weight", pm::param::symmetric{});  // error: what is registered is a type
#else
    static_cast<void>(pm::register_parametrization<pm::weight<pm::param::symmetric>>(net));
#endif
}
