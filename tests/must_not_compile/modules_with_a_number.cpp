// Modules of which one has a number, in a sentence that names them.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(pm::nn::sequential<pm::nn::linear<4, 2>, pm::nn::dropout<0.3>> const& net) {
#ifdef MISTAKE
    return pm::make(net);  // error: write pm::make<sequential<paramorph::nn::linear<4, 2>, paramorph::nn::dropout<0.3>
#else
    return net;
#endif
}
