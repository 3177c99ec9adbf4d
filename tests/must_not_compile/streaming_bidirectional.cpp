// A layer that reads the sequence from its end, too.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
    using frames = pm::frames<pm::time_axis, 2>;
#ifdef MISTAKE
    pm::nn::gru<2, 3, pm::bidirectional> layer;
#else
    pm::nn::gru<2, 6> layer;
#endif
    pm::nn::linear<6, 1> head;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        auto const [ys, last] = layer(x);
        return head(ys);
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
        net);  // error: streaming: model (behind layer.weight_ih_l0_reverse) cannot run frame by frame: its strided reads time backwards, as a bidirectional layer does
}
