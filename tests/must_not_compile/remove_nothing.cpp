// Removing where nothing is registered.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-17
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> const& layer) {
#ifdef MISTAKE
    return pm::remove_parametrizations<"bias">(
        layer, pm::leave_parametrized);  // error: remove_parametrizations: this tensor has no parametrization to remove
#else
    return pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);
#endif
}
