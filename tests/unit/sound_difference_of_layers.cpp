// As sound_difference.cpp, of other layers: convolutions in eight bits, images, normalization, activations in pieces,
// weights that are computed in each call, and double.
//
// SPDX-License-Identifier: BSL-1.0
#include "../sound_difference.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/sin.hpp"
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
template <class Function>
struct applied {
    static constexpr auto forward(auto x) { return Function{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#define APPLIED(...) applied<decltype([](auto x) { return __VA_ARGS__; })>
void normalized(int tries) {
    using net = sequential<linear<10, 16>, layer_norm<pm::shape<16>>, linear<16, 12>, leaky_relu<>, linear<12, 12>,
                           hardtanh<>, linear<12, 5>, log_softmax<>>;
    try_differences<net, pm::shape<10>, with_other_weights>(3, 16, 16, tries);
    using near = sequential<linear<3, 4>, parallel<-1, leaky_relu<>, elu<>, hardtanh<>, prelu<>, rms_norm<pm::shape<4>>,
                                                   APPLIED(pm::sin(x) + pm::pow(x, 3)), APPLIED(pm::cumsum<-1>(x))>>;
    try_differences<near, pm::shape<3>, with_other_weights>(9, 32, 16, tries);
}
// By how much the bounds of the difference of two networks, whose weights are off by 1e-3 at most, exceed what inputs
// of a box of radius 0.02 reach: the largest quotient.
template <class... Layers>
double looseness() {
    using net = sequential<linear<6, 6>, Layers..., linear<6, 3>>;
    generator r(5);
    double most = 0;
    for (unsigned k = 0; k < 4; ++k) {
        auto of = pm::make<net>(pm::seed{k});
        auto const a = pm::freeze(of);
        pm::for_each_parameter(of, [&](std::string const&, auto& p) {
            for (auto& x : p) x += float(uniform(r, -1e-3, 1e-3));
        });
        auto const b = pm::freeze(of);
        auto x = pm::make_container<pm::shape<6>, float>();
        for (auto& e : x) e = float(uniform(r, -1, 1));
        auto const box = pm::box<pm::shape<6>>::around(x, 0.02);
        auto const bounds = pm::difference(a, b, box);
        double reached[3]{};
        for (int t = 0; t < 200; ++t) {
            for (std::size_t i = 0; i < 6; ++i)
                x.data()[i] = number_within(r, float(box.lower[i]), float(box.upper[i]));
            auto const y = a(x), z = b(x);
            for (std::size_t j = 0; j < 3; ++j)
                reached[j] = std::max(reached[j], std::abs(double(y.data()[j]) - double(z.data()[j])));
        }
        for (int j = 0; j < 3; ++j) most = std::max(most, bounds[j].size() / reached[j]);
    }
    return most;
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
TEST_CASE("differences hold: normalization, activations in pieces, waves and powers") {
    normalized(quick);
}
TEST_CASE("differences have the size of what differs") {
    CHECK(looseness<leaky_relu<>, elu<>, hardtanh<>, prelu<>, layer_norm<pm::shape<6>>,
                    APPLIED(pm::sin(x) + pm::cumsum<-1>(x))>() < 20);
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
