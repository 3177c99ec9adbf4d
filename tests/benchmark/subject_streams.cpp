// paramorph's side of the networks that are streamed.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/names.hpp>
#include <paramorph/nn/recurrent_layers.hpp>
#include <paramorph/nn/streaming.hpp>

#include "networks.hpp"
#include "subject.hpp"

namespace benchmark {

struct recurrent_net {
    paramorph::nn::gru<1, gru_stream::hidden> memory;
    paramorph::nn::linear<gru_stream::hidden, 1> head;
    constexpr auto forward(auto x) const {
        auto const [ys, last] = memory(x);
        return head(ys);
    }
};

}  // namespace benchmark
BOOST_HANA_ADAPT_STRUCT(benchmark::recurrent_net, memory, head);

namespace benchmark {
namespace {

auto stream = [] {
    auto net = paramorph::make<recurrent_net>(paramorph::seed{0});
    float const* w = benchmark::gru_stream::numbers();
    paramorph::for_each_parameter(net, [&](std::string const&, auto& p) {
        std::copy_n(w, p.size(), p.data());
        w += p.size();
    });
    return paramorph::streaming<recurrent_net, 1>(net);
}();

}  // namespace

void network_subject::gru_stream(float const* x, float* y) {
    stream.reset();
    for (int t = 0; t < benchmark::gru_stream::frames; ++t) y[t] = stream.step(x[t]);
}

}  // namespace benchmark
