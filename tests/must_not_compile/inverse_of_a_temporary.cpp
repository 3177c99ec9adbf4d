// The inverse of a network that is gone at the end of the line.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<3, 3, pm::weight<pm::param::orthogonal<>>>;
void undo() {
#ifdef MISTAKE
    auto back = pm::inverse(pm::make<network>(pm::seed{0}));  // error: it refers to the network, and this one is gone
#else
    auto const net = pm::make<network>(pm::seed{0});
    auto back = pm::inverse(net);
#endif
    static_cast<void>(back);
}
