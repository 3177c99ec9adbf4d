// Leaving the original where there are two.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-18
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

struct split {
    static constexpr auto forward(auto x, auto y) { return x + y; }
    static constexpr auto right_inverse(auto z) { return pm::originals(z * 0.5, z * 0.5); }
};
auto f(pm::nn::linear<3, 3, pm::weight<split>> const& layer) {
#ifdef MISTAKE
    return pm::remove_parametrizations<"weight">(
        layer, pm::leave_original);  // error: remove_parametrizations: the tensor has several originals
#else
    return pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);
#endif
}
