// An element of a value that is written.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    net.weight(0, 0) = 1.0F;  // error: written as net.weight.original()(0, 0) = 1
#else
    net.weight.original()(0, 0) = 1.0F;
#endif
    static_cast<void>(net);
}
