// A head on the last state, which is added to every frame.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
    using frames = pm::frames<pm::time_axis, 2>;
    pm::nn::gru<2, 3> layer;
    pm::nn::linear<3, 1> head;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        auto const [ys, last] = layer(x);
        return head(ys + last);
#else
        auto const [ys, last] = layer(x);
        return head(ys);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, layer, head);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: cannot run frame by frame: its add reads the last state of a recurrent layer, which is known when the sequence has ended: take its results
}
