// A training step of a frozen network, which has values and no originals.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<4, 4>;

auto f(network& net) {
#ifdef MISTAKE
    auto frozen = pm::freeze(net);
    auto& trained = frozen;
#else
    auto& trained = net;
#endif
    // error: value_and_grad: the second argument must be a network, and is materialized<paramorph::nn::linear<4, 4>
    return pm::value_and_grad([](auto& n, auto x) { return pm::sum(n(x)); }, trained);
}
