// A step of learning is given fewer inputs than its loss has.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/learner.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
using model = pm::nn::linear<3, 2>;
inline constexpr pm::network_originals<model> originals{};
using tuner =
    pm::learner<originals, loss, pm::trains<"weight">, pm::input<pm::shape<4, 3>>, pm::input<pm::shape<4, 2>>>;

pm::status f(tuner& t, float (&x)[12], [[maybe_unused]] float (&y)[8]) {
#ifdef MISTAKE
    return t.step(0.1f, x);  // error: learner: give a step the inputs of its loss, 2 of them: 1 given
#else
    return t.step(0.1f, x, y);
#endif
}
