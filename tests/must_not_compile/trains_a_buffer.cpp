// Learning names only what is not trained.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/learner.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
struct model {
    pm::tensor<pm::shape<3>> gain;
    pm::buffer<pm::shape<3>> shift;
    constexpr auto forward(auto x) const { return x * gain + shift; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, gain, shift);
inline constexpr pm::network_originals<model> originals{};
#ifdef MISTAKE
using trained = pm::trains<"shift">;  // error: trains: none of the tensors named is trained
#else
using trained = pm::trains<"gain">;
#endif
using tuner = pm::learner<originals, loss, trained, pm::input<pm::shape<4, 3>>, pm::input<pm::shape<4, 3>>>;
[[maybe_unused]] constexpr int trainable = tuner::parameter_count;
