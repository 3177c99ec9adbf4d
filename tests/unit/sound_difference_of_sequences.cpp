// As sound_difference.cpp, of recurrent layers: in eight bits, in 16 bits, with other weights, and with weights that
// are computed in each call.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../sound_difference.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/recurrent.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/prove/quantization_error.hpp"

namespace {

using namespace pm::nn;
using namespace sound;

constexpr int quick = 16;

// The results of all steps; the last state.
template <class Layer, int Steps = 1>
struct sequence {
    using input_shape = pm::shape<1, Steps, 2>;  // read by pm::quantize
    Layer layer;
    constexpr auto forward(auto x) const { return std::get<0>(layer(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
template <class Layer, class Head>
struct last_state {
    Layer layer;
    Head head;
    constexpr auto forward(auto x) const { return head(std::get<1>(layer(x))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
using of_rnn = sequence<rnn<3, 6, pm::batch_first>>;
using of_gru = last_state<gru<3, 6, pm::batch_first>, linear<6, 2>>;
using of_lstm = sequence<lstm<3, 5, pm::batch_first>>;
using both_ways = sequence<lstm<2, 3, pm::num_layers<2>, pm::bidirectional, pm::batch_first>>;
using adds = sequence<rnn<1, 1, relu, pm::no_bias, pm::batch_first>>;
using small = sequence<gru<2, 3, pm::batch_first>, 2>;
using computed = sequence<pm::parametrize<gru<2, 4, pm::batch_first>, pm::at<"weight_hh_l0", pm::param::positive>,
                                          pm::at<"weight_ih_l0", pm::param::positive>>>;

}  // namespace
BOOST_HANA_ADAPT_STRUCT(of_rnn, layer);
BOOST_HANA_ADAPT_STRUCT(of_gru, layer, head);
BOOST_HANA_ADAPT_STRUCT(of_lstm, layer);
BOOST_HANA_ADAPT_STRUCT(both_ways, layer);
BOOST_HANA_ADAPT_STRUCT(small, layer);
BOOST_HANA_ADAPT_STRUCT(adds, layer);
BOOST_HANA_ADAPT_STRUCT(computed, layer);
namespace {

void in_eight_bits(int tries) {
    try_differences<of_rnn, pm::shape<1, 4, 3>, with_eight_bits>(1, 12, 12, tries);
    try_differences<of_gru, pm::shape<1, 4, 3>, with_eight_bits>(2, 12, 12, tries);
    try_differences<of_lstm, pm::shape<1, 3, 3>, with_eight_bits>(3, 12, 12, tries);
}
void in_sixteen_bits(int tries) {
    try_differences<of_rnn, pm::shape<1, 4, 3>, with_sixteen_bits>(4, 12, 12, tries);
    try_differences<of_lstm, pm::shape<1, 3, 3>, with_sixteen_bits>(5, 12, 12, tries);
}
void of_other_weights(int tries) {
    try_differences<both_ways, pm::shape<1, 3, 2>, with_other_weights>(6, 12, 12, tries);
    try_differences<computed, pm::shape<1, 4, 2>, live>(7, 12, 6, tries);
}

// By the compiler, of a network whose weights are multiples of 1/127 but for their scale, 1.
template <class M>
constexpr pm::network_values<M> in_parts() {
    pm::network_values<M> v{};
    for (int i = 0; i < pm::network_values<M>::count; ++i) v.of[i] = float(i * 37 % 127 - 63) / 127;
    return v;
}
inline constexpr auto of_small = in_parts<small>();
constexpr pm::frozen<of_small> exact;
constexpr auto in_eight = pm::quantize<of_small>();
constexpr auto frames = pm::box<pm::shape<1, 2, 2>>::of(-1, 1);
static_assert(pm::quantization_error<exact, frames> < 0.05 && pm::quantization_error<exact, frames> > 0.002);
static_assert(pm::proved_difference<exact, in_eight, frames>.no_overflow());

}  // namespace

// h + w x over three steps: what differs in w adds up, whatever went before.
TEST_CASE("differences: a recurrent layer by hand") {
    auto net = pm::make<adds>(pm::seed{0});
    net.layer.weight_ih_l0.original()[0] = net.layer.weight_hh_l0.original()[0] = 1;
    auto const one = pm::freeze(net);
    net.layer.weight_ih_l0.original()[0] = 1.0625f;
    auto const other = pm::freeze(net);
    auto const d = pm::difference(one, other, pm::box<pm::shape<1, 3, 1>>::of(1, 1));
    for (int t = 0; t < 3; ++t) {
        CHECK(d.upper(t) >= -0.0625 * (t + 1));
        CHECK(d.upper(t) < -0.0624 * (t + 1));
        CHECK(d.lower(t) <= -0.0625 * (t + 1));
        CHECK(d.lower(t) > -0.0626 * (t + 1));
    }
    CHECK(d.no_overflow());
    // Both add up to more than float holds in the third step.
    auto const large = pm::difference(one, other, pm::box<pm::shape<1, 3, 1>>::of(1e38, 1.2e38));
    CHECK_FALSE(large.no_overflow());
    CHECK_FALSE(large.within(-3e38, 3e38));
}
TEST_CASE("differences hold: recurrent layers in eight bits") {
    in_eight_bits(quick);
}
TEST_CASE("differences hold: recurrent layers in 16 bits") {
    in_sixteen_bits(quick);
}
TEST_CASE("differences hold: recurrent layers of other weights, or computed ones") {
    of_other_weights(quick);
}
// Minutes: run by name.
TEST_CASE("differences hold: a longer search of recurrent layers", "[.long]") {
    constexpr int tries = 200 * quick;
    in_eight_bits(tries);
    in_sixteen_bits(tries);
    of_other_weights(tries);
}
