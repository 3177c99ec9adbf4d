// What parametrizations and networks differentiate: a number stays beside the sigmoid whose result the derivative
// reads.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sigmoid.hpp"

namespace pm = paramorph;

namespace {

constexpr int count(pm::ir::graph const& g, pm::ir::descriptor const& operation) {
    int n = 0;
    for (int i = 0; i < g.size; ++i) n += g.nodes[i].operation->id == operation.id ? 1 : 0;
    return n;
}
constexpr bool keeps_the_number(pm::ir::graph const& g) {
    return count(g, pm::ir::describe<pm::op::sigmoid<>>) == 1 && count(g, pm::ir::describe<pm::op::multiply>) == 1;
}

struct squashed {
    static constexpr auto forward(auto x) { return pm::sigmoid(x) * 4; }
};
static_assert(keeps_the_number(pm::program::gradient_of<squashed, pm::shape<4, 4>>::simple));
static_assert(count(pm::compiled<pm::program::value_of<squashed, pm::shape<4, 4>>>::simplified,
                    pm::ir::describe<pm::op::multiply>) == 0);

struct loss {
    constexpr auto operator()(auto const& net, auto x) const { return pm::sum(pm::sigmoid(net(x)) * 4); }
};
using trained = pm::program::value_and_gradient_of<loss, pm::nn::linear<4, 3>, pm::input<pm::shape<4>, float>>;
static_assert(keeps_the_number(trained::simple));

}  // namespace
