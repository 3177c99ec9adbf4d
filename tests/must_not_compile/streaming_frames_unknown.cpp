// A network that does not say how it takes a sequence.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
#ifndef MISTAKE
    using frames = pm::frames<pm::time_axis, 3>;
#endif
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const { return pm::tanh(x) * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, gain);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: streaming: it is not known how model takes a sequence: write `using frames = pm::frames<16, pm::time_axis>;` in it for [16, time]
}
