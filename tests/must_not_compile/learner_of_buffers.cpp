// Learning on a target would have to change a buffer, which is in flash.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/learner.hpp>
#include <paramorph/nn/batch_norm.hpp>
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

struct loss {
#ifdef MISTAKE
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
#else
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(pm::inference(net)(x), t); }
#endif
};
using model = pm::nn::batch_norm<3>;
inline constexpr pm::network_originals<model> originals{};
// error: learner: training changes state of this network
using tuner =
    pm::learner<originals, loss, pm::trains<"weight">, pm::input<pm::shape<4, 3>>, pm::input<pm::shape<4, 3>>>;
static_assert(tuner::parameter_count == 3);
