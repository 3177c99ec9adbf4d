// The soundness suite (suite.hpp): recurrent layers over short sequences.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "paramorph/nn/recurrent.hpp"
#include "suite.hpp"

namespace {

// The results of all steps, without the last states.
template <class Layer>
struct sequence {
    Layer layer;
    constexpr auto forward(auto x) const { return std::get<0>(layer(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
using rnn = sequence<pm::nn::rnn<3, 6, pm::batch_first>>;
using gru = sequence<pm::nn::gru<3, 6, pm::batch_first>>;
using lstm = sequence<pm::nn::lstm<3, 5, pm::batch_first>>;
using small = sequence<pm::nn::rnn<1, 1, pm::batch_first>>;

}  // namespace
BOOST_HANA_ADAPT_STRUCT(rnn, layer);
BOOST_HANA_ADAPT_STRUCT(gru, layer);
BOOST_HANA_ADAPT_STRUCT(lstm, layer);
BOOST_HANA_ADAPT_STRUCT(small, layer);

// A sum within a step is infinite, though every state is finite.
TEST_CASE("soundness: what overflows within a step") {
    auto net = pm::make<small>(pm::seed{0});
    net.layer.weight_ih_l0.original()[0] = 1;
    net.layer.bias_ih_l0.original()[0] = 2e38f;
    net.layer.weight_hh_l0.original()[0] = 1e38f;
    auto const box = pm::box<pm::shape<1, 3, 1>>::of(1, 2);
    auto const holds = pm::bounds(pm::freeze(net), box);
    CHECK((holds.within(-1, 1.0001) && holds.no_overflow()));
    net.layer.weight_hh_l0.original()[0] = 3e38f;
    auto const overflows = pm::bounds(pm::freeze(net), box);
    CHECK((overflows.within(-1, 1.0001) && overflows.no_nan() && !overflows.no_overflow()));
}
// A GRU's state lies between the one before it and a tanh, however long the sequence is.
TEST_CASE("soundness: a gate lets no state grow") {
    auto const net = pm::freeze(pm::make<gru>(pm::seed{3}));
    auto const b = pm::bounds(net, pm::box<pm::shape<1, 24, 3>>::of(-10, 10));
    CHECK((b.within(-1.0001, 1.0001) && b.no_overflow()));
}
TEST_CASE("soundness: rnn") {
    soundness::trial<rnn, pm::shape<1, 4, 3>>{14}.run("rnn", 18);
}
TEST_CASE("soundness: gru") {
    soundness::trial<gru, pm::shape<1, 4, 3>>{15}.run("gru", 18);
}
TEST_CASE("soundness: lstm") {
    soundness::trial<lstm, pm::shape<1, 3, 3>>{16}.run("lstm", 18);
}
