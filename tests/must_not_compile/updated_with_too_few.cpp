// A stage with two tensors of state that says what one of them becomes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

struct moving {
    template <class Shape>
    using state = pm::states<pm::state<"mean", Shape>, pm::state<"last", Shape>>;
    static constexpr auto forward(auto x, auto mean, [[maybe_unused]] auto last) {
#ifdef MISTAKE
        return pm::updated(x + mean, x);
#else
        return pm::updated(x + mean, x, mean);
#endif
    }
};
auto f(pm::nn::linear<3, 3, pm::weight<moving>> const& layer) {
    return layer.weight();  // error: parametrization: pm::updated must give a new tensor for each tensor of the stage's state; that of moving gives 1 instead of 2
}
