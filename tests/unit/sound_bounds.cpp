// Bounds of networks against the kernels: random networks of several kinds of layers, weights and inputs from 1e-20 to
// 1e20, boxes from a point to all of it. No result of any input that is tried may lie outside.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include "../sound.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/sin.hpp"

namespace {

using namespace pm::nn;
using sound::found, sound::generator, sound::random_box, sound::randomize, sound::uniform;

constexpr int quick = 48;  // inputs tried for each network, beside the moves from them

// `decades`: of the magnitudes, to both sides of 1.
template <class Net, class Shape, class T = float>
void try_networks(unsigned seed, int networks, double decades, int tries) {
    generator r(seed);
    found all;
    for (int k = 0; k < networks; ++k) {
        double const of_this = k % 4 == 3 ? decades : decades / 20;
        auto net = pm::make<Net>(pm::seed{seed + static_cast<unsigned>(k)});
        randomize(r, net, of_this);
        auto const frozen = pm::freeze(net);
        auto const box = random_box<Shape, T>(r, of_this);
        auto const bounds = pm::bounds(frozen, box);
        CHECK(bounds.unknown() == "");
        using array = decltype(pm::make_container<Shape, T>());
        array x;
        sound::search<T>(r, x, box, bounds, [&](array const& in) { return frozen(in); }, tries, all);
    }
    CHECK(all.outside == 0);
    CHECK(all.networks == networks);
    CHECK(all.wide > networks / 4);  // bounds that are finite, of networks that do not overflow
    if (tries > quick)
        std::printf("%ld networks, %ld inputs, %ld outside, %ld with infinite bounds; %.3f of the others is reached\n",
                    all.networks, all.points, all.outside, all.infinite, all.reach / double(all.wide));
}

void dense(int tries) {
    using net = sequential<linear<16, 33>, relu, linear<33, 24>, pm::nn::tanh, linear<24, 7>>;
    try_networks<net, pm::shape<16>>(1, 40, 20, tries);
}
void smooth(int tries) {
    using net = sequential<linear<12, 20>, gelu, linear<20, 20>, silu, linear<20, 6>, softmax<>>;
    try_networks<net, pm::shape<12>>(2, 40, 20, tries);
}
void in_pieces(int tries) {
    using net = sequential<residual<linear<12, 12>, leaky_relu<>>,
                           parallel<-1, sequential<linear<12, 9>, elu<>>, sequential<linear<12, 7>, hardtanh<>>>,
                           linear<16, 12>, hardswish, linear<12, 12>, mish, linear<12, 12>, prelu<>, linear<12, 12>,
                           softplus, linear<12, 8>, sigmoid, log_softmax<>>;
    try_networks<net, pm::shape<12>>(3, 40, 20, tries);
}
void images(int tries) {
    using net = sequential<conv2d<2, 6, 3, pm::padding<1>>, relu, max_pool2d<2, pm::padding<1>>,
                           conv2d<6, 4, 3, pm::stride<2>, pm::padding<1>>, pm::nn::tanh, avg_pool2d<2>, flatten<>,
                           linear<4, 3>>;
    try_networks<net, pm::shape<1, 2, 7, 7>>(4, 40, 20, tries);
    using apart = sequential<conv2d<2, 4, 3>, max_pool2d<2, pm::stride<1>, pm::dilation<2>>, pm::nn::tanh,
                             adaptive_max_pool2d<2>, flatten<>, linear<16, 3>>;
    try_networks<apart, pm::shape<1, 2, 6, 6>>(7, 20, 10, tries);
}
void normalized(int tries) {
    using net =
        sequential<linear<10, 16>, layer_norm<pm::shape<16>>, linear<16, 12>, rms_norm<pm::shape<12>>, linear<12, 5>>;
    try_networks<net, pm::shape<10>>(5, 40, 18, tries);
}
void in_double(int tries) {
    using net = sequential<linear<9, 12, pm::element_type<double>>, gelu, linear<12, 12, pm::element_type<double>>,
                           pm::nn::tanh, linear<12, 5, pm::element_type<double>>, softmax<>>;
    try_networks<net, pm::shape<9>, double>(6, 40, 20, tries);
}

}  // namespace

TEST_CASE("bounds hold: dense layers and smooth activations") {
    dense(quick);
    smooth(quick);
}
TEST_CASE("bounds hold: activations in pieces, residual and parallel layers") {
    in_pieces(quick);
}
TEST_CASE("bounds hold: convolutions and pooling") {
    images(quick);
}
TEST_CASE("bounds hold: normalization") {
    normalized(quick);
}
TEST_CASE("bounds hold: in double") {
    in_double(quick);
}
// Minutes: run by name.
TEST_CASE("bounds hold: a longer search", "[.long]") {
    constexpr int tries = 200 * quick;
    dense(tries);
    smooth(tries);
    in_pieces(tries);
    images(tries);
    normalized(tries);
    in_double(tries);
}
