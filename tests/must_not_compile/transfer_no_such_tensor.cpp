// Transferring the parametrization of a tensor that there is not.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> const& from, pm::nn::linear<3, 3> const& to) {
#ifdef MISTAKE
    return pm::transfer_parametrizations<"scale">(
        from, to);  // error: transfer_parametrizations: the first module has no tensor of this name
#else
    return pm::transfer_parametrizations<"weight">(from, to);
#endif
}
