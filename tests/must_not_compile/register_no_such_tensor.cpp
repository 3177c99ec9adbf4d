// A parametrization registered under a name that the network does not have.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

using net = pm::nn::sequential<pm::nn::linear<3, 3>>;
#ifdef MISTAKE
using option = pm::at<"1.weight", pm::param::symmetric>;
#else
using option = pm::at<"0.weight", pm::param::symmetric>;
#endif
auto f(net const& m) {
    return pm::register_parametrization<option>(m);  // error: parametrize: the module has no tensor of this name
}
