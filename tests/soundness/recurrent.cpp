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

}  // namespace
BOOST_HANA_ADAPT_STRUCT(rnn, layer);
BOOST_HANA_ADAPT_STRUCT(gru, layer);
BOOST_HANA_ADAPT_STRUCT(lstm, layer);

TEST_CASE("soundness: rnn") {
    soundness::trial<rnn, pm::shape<1, 4, 3>>{14}.run("rnn", 18);
}
TEST_CASE("soundness: gru") {
    soundness::trial<gru, pm::shape<1, 4, 3>>{15}.run("gru", 18);
}
TEST_CASE("soundness: lstm") {
    soundness::trial<lstm, pm::shape<1, 3, 3>>{16}.run("lstm", 18);
}
