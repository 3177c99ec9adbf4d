// The table of a frozen network, which has no layers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/print/summary.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<4, 4>;

auto f(network const& net) {
#ifdef MISTAKE
    // error: summary: the first argument must be a network, and is materialized<paramorph::nn::linear<4, 4>
    return pm::summary(pm::freeze(net), pm::input<pm::shape<2, 4>>{});
#else
    return pm::summary(net, pm::input<pm::shape<2, 4>>{});
#endif
}
