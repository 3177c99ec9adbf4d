// The table of a network that says nowhere what it takes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/print.hpp>

namespace pm = paramorph;

std::string f(pm::nn::tanh const& net) {
#ifdef MISTAKE
    return pm::summary(net);  // error: summary: tanh does not state the shape of its input: name it
#else
    return pm::summary(net, pm::input<pm::shape<8>>{});
#endif
}
