// The second tensor of state of a stage that has one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

struct moving {
    template <class Shape>
    using state = pm::states<pm::state<"mean", Shape>>;
    static constexpr auto forward(auto x, auto mean) { return pm::updated(x + mean, x); }
};
auto f(pm::nn::linear<3, 3, pm::weight<moving>> const& layer) {
#ifdef MISTAKE
    return layer.weight.state<0, 1>();  // error: state: stage 0 of the chain has no tensor 1 of state; the chain has 1 stage, 1 of state in all
#else
    return layer.weight.state<0, 0>();
#endif
}
