// Learning on a target would have to change state, which is in flash.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/learner.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
#ifdef MISTAKE
using stage = pm::param::spectral_norm<>;  // error: learner: training changes state of this network
#else
using stage = pm::param::positive;
#endif
using model = pm::nn::linear<3, 2, pm::weight<stage>>;
inline constexpr pm::network_originals<model> originals{};
using tuner =
    pm::learner<originals, loss, pm::trains<"weight">, pm::input<pm::shape<4, 3>>, pm::input<pm::shape<4, 2>>>;
static_assert(tuner::parameter_count == 6);
