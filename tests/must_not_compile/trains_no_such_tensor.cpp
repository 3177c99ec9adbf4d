// Learning names a tensor that the network does not have.
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
#ifdef MISTAKE
using trained = pm::trains<"0.weight">;  // error: trains: the network has no tensor or module of this name
#else
using trained = pm::trains<"weight">;
#endif
using tuner = pm::learner<originals, loss, trained, pm::input<pm::shape<4, 3>>, pm::input<pm::shape<4, 2>>>;
[[maybe_unused]] constexpr int trainable = tuner::parameter_count;
