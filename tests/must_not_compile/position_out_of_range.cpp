// A layer of a network at a position that it does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<3, 4>, pm::nn::linear<4, 2>>;
auto& f(model& net) {
#ifdef MISTAKE
    return pm::get<2>(net);  // error: get: the network has no module at position 2: it has 2, from 0 on
#else
    return pm::get<1>(net);
#endif
}
