// Attention over time.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/attention.hpp>
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
    using frames = pm::frames<pm::time_axis, 4>;
    pm::nn::multihead_attention<4, 2> attention;
    pm::nn::linear<4, 4> other;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return attention(x);
#else
        return other(x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, attention, other);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: streaming: model (behind attention.in_proj_bias) cannot run frame by frame: its matmul needs all frames at once
}
