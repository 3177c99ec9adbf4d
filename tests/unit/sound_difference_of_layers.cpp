// As sound_difference.cpp, of other layers: convolutions in eight bits, images, normalization, activations in pieces,
// weights that are computed in each call, and double.
//
// SPDX-License-Identifier: BSL-1.0
#include "../sound_difference.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/param/positive.hpp"

namespace {

using namespace pm::nn;
using namespace sound;

constexpr int quick = 24;

void sequences(int tries) {
    using net = sequential<conv1d<3, 6, 3, pm::padding<1>>, relu, conv1d<6, 4, 3, pm::stride<2>, pm::dilation<2>>, silu,
                           flatten<>, linear<16, 5>>;
    try_differences<net, pm::shape<1, 3, 12>, with_eight_bits>(1, 16, 20, tries);
    try_differences<net, pm::shape<1, 3, 12>, with_fixed_scales>(6, 16, 20, tries);
}
void images(int tries) {
    using net = sequential<conv2d<2, 5, 3, pm::padding<1>>, relu, max_pool2d<2, pm::padding<1>>, conv2d<5, 4, 3>,
                           pm::nn::tanh, avg_pool2d<2>, flatten<>, linear<4, 3>>;
    try_differences<net, pm::shape<1, 2, 7, 7>, with_other_weights>(2, 16, 18, tries);
}
void normalized(int tries) {
    using net = sequential<linear<10, 16>, layer_norm<pm::shape<16>>, linear<16, 12>, leaky_relu<>, linear<12, 12>,
                           hardtanh<>, linear<12, 5>, log_softmax<>>;
    try_differences<net, pm::shape<10>, with_other_weights>(3, 16, 16, tries);
}
void computed(int tries) {
    using rising = linear<8, 8, pm::weight<pm::param::positive>>;
    using net = sequential<rising, pm::nn::tanh, rising, elu<>, rising>;
    try_differences<net, pm::shape<8>, live>(4, 16, 10, tries);
}
void in_double(int tries) {
    using d = pm::element_type<double>;
    using net = sequential<linear<9, 12, d>, gelu, linear<12, 12, d>, mish, linear<12, 5, d>, softmax<>>;
    try_differences<net, pm::shape<9>, with_other_weights, double>(5, 16, 20, tries);
}

}  // namespace

TEST_CASE("differences hold: convolutions in eight bits") {
    sequences(quick);
}
TEST_CASE("differences hold: images of other weights") {
    images(quick);
}
TEST_CASE("differences hold: normalization, and activations in pieces") {
    normalized(quick);
}
TEST_CASE("differences hold: weights that are computed in each call") {
    computed(quick);
}
TEST_CASE("differences hold: in double") {
    in_double(quick);
}
// Minutes: run by name.
TEST_CASE("differences hold: a longer search of layers", "[.long]") {
    constexpr int tries = 200 * quick;
    sequences(tries);
    images(tries);
    normalized(tries);
    computed(tries);
    in_double(tries);
}
