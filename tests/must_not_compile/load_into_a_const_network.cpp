// Loading changes a network.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/io/state_dict.hpp"
#include "paramorph/nn/linear.hpp"

namespace pm = paramorph;

#ifdef MISTAKE
using network = pm::nn::linear<2, 2> const;
#else
using network = pm::nn::linear<2, 2>;
#endif

void use(network& net) {
    pm::load(net, "file");  // error: load: the network is const, and loading changes it
}
