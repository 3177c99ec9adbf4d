// Recurrent networks, streamed.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../streaming.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/param/orthogonal.hpp"

namespace {

template <int... E>
using array = xt::xtensor_fixed<float, xt::xshape<std::size_t(E)...>>;

// Features by a convolution, two layers of a GRU, an LSTM with a projection, and a head.
struct mixed {
    pm::nn::conv1d<2, 5, 3, pm::padding<pm::causal>> features;
    pm::nn::gru<5, 9, pm::num_layers<2>> slow;
    pm::nn::lstm<9, 7, pm::proj_size<3>> fast;
    pm::nn::linear<3, 2> head;
    constexpr auto forward(auto x) const {
        auto const [ys, h] = slow(pm::transpose(pm::tanh(features(x))));
        auto const [zs, g, c] = fast(ys);
        return head(zs);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// From a state that is a parameter.
struct started {
    pm::parametrize<pm::nn::rnn<3, 4, pm::nn::relu>, pm::at<"weight_hh_l0", pm::param::orthogonal<>>> inner;
    pm::tensor<pm::shape<1, 4>> first;
    constexpr auto forward(auto x) const {
        auto const [ys, h] = inner(x, pm::tanh(first));
        return ys;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(mixed, features, slow, fast, head);
BOOST_HANA_ADAPT_STRUCT(started, inner, first);

TEST_CASE("convolutions, several recurrent layers and a head are streamed", "[streaming]") {
    auto const net = pm::make<mixed>(pm::seed{1});
    test::expect_streams_like_whole<mixed, array<2, 77>>(net, 1e-6);
    static_assert(pm::streaming<mixed, 16>::receptive_field == 0);
}

TEST_CASE("a stream begins from the first state of the network", "[streaming]") {
    auto net = pm::make<started>(pm::seed{2});
    net.first = array<1, 4>{{0.5F, -1, 2, 0.25F}};
    test::expect_streams_like_whole<started, array<40, 3>>(net, 1e-6);
}

TEST_CASE("the last states of a layer are left out", "[streaming]") {
    using layer = pm::nn::gru<2, 4>;
    auto const net = pm::make<layer>(pm::seed{3});
    test::expect_streams_like_whole<layer, array<30, 2>>(net, 1e-6);
}

TEST_CASE("reset clears what is not a number out of a recurrent state", "[streaming]") {
    auto const net = pm::make<mixed>(pm::seed{4});
    pm::streaming<mixed, 4> s(net), fresh(net);
    s.step(array<2>{std::numeric_limits<float>::quiet_NaN(), 0});
    for (int t = 0; t < 50; ++t) CHECK(std::isnan(s.step(array<2>{0, 0})(0)));
    s.reset();
    auto const a = s.step(array<2>{1, -1}), b = fresh.step(array<2>{1, -1});
    CHECK(std::isfinite(a(0)));
    CHECK(std::equal(a.begin(), a.end(), b.begin()));
}
