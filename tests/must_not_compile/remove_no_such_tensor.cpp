// Removing under a name that the module does not have.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> const& layer) {
#ifdef MISTAKE
    return pm::remove_parametrizations<"scale">(
        layer, pm::leave_parametrized);  // error: remove_parametrizations: the module has no tensor of this name
#else
    return pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);
#endif
}
