// A network as a value, where a type is wanted.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
auto use(pm::nn::linear<4, 2> const& net) {
    return pm::make(net, pm::seed{0});  // error: make: the network is given as a type, not as a value
}
#else
auto use(pm::nn::linear<4, 2> const&) {
    return pm::make<pm::nn::linear<4, 2>>(pm::seed{0});
}
#endif
