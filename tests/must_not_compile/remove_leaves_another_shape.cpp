// Leaving a value that has another shape than the layer's weight.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-6
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

struct shorter {
    static constexpr auto forward(auto x) { return pm::slice<0, 0, 2>(x); }
};
auto f(pm::nn::linear<3, 3, pm::weight<pm::unsafe<shorter>>> const& layer) {
#ifdef MISTAKE
    return pm::remove_parametrizations<"weight">(
        layer, pm::leave_parametrized);  // error: remove_parametrizations: what is left has another shape than the module's tensor had before its parametrization, [2, 3] instead of [3, 3]; leave the other one, pm::leave_original or pm::leave_parametrized
#else
    return pm::remove_parametrizations<"weight">(layer, pm::leave_original);
#endif
}
