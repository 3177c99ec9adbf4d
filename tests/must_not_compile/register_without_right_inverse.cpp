// A stage without right_inverse: the value could not be kept.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-b behaviour-c
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/tanh.hpp>

namespace pm = paramorph;

struct squashed {
    static constexpr auto forward(auto x) { return pm::tanh(x); }
};
auto f(pm::nn::linear<3, 3> const& layer) {
#ifdef MISTAKE
    return pm::register_parametrization<pm::weight<squashed>>(
        layer,
        pm::keep);  // error: register_parametrization: squashed has no right_inverse, so the value cannot be kept
#else
    return pm::register_parametrization<pm::weight<squashed>>(layer);
#endif
}
