// Transferring a parametrization to a tensor of another shape.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-33
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using target = pm::nn::linear<4, 4>;
#else
using target = pm::nn::linear<3, 3>;
#endif
auto f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> const& from, target const& to) {
    return pm::transfer_parametrizations(
        from, to);  // error: transfer_parametrizations: weight of the first module is [3, 3] of float, of the second [4, 4] of float
}
