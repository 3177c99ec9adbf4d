// The network before the loss.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<4, 2>& net) {
    auto const loss = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };
#ifdef MISTAKE
    pm::value_and_grad(net, loss);  // error: value_and_grad: the loss comes first, then the network
#else
    pm::value_and_grad(loss, net);
#endif
}
