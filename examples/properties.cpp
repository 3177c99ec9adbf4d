// What a network is, whatever its weights are: how much it stretches, whether it rises, whether it is convex or a
// probability. The types say it; the program tries it on networks of random weights. Exit status 0 if none is found
// that is otherwise.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

// [readme]
template <class... Stages>
using layer = pm::nn::linear<8, 8, pm::weight<Stages...>>;

// Rotations and sorting: no input moves an output further than it moved itself.
using rotation = layer<pm::param::orthogonal<>>;
using gentle = pm::nn::sequential<rotation, pm::nn::group_sort<>, rotation, pm::nn::group_sort<4>, rotation>;
static_assert(pm::lipschitz<gentle> < 1.0002);  // the rounding of its weights included

// Positive weights and rising activations: no price falls where a feature rises.
using rising = layer<pm::param::positive>;
using price = pm::nn::sequential<rising, pm::nn::tanh, rising, pm::nn::softplus>;
static_assert(pm::monotone<price> && pm::nonnegative_output<price> && !pm::convex<price>);

// A bowl: any first layer, then positive ones behind convex activations that rise.
using energy = pm::nn::sequential<layer<>, pm::nn::relu, rising, pm::nn::softplus, rising>;
static_assert(pm::convex<energy> && !pm::monotone<energy>);

static_assert(pm::sums_to_one<pm::nn::sequential<layer<>, pm::nn::softmax<>>>);
// [readme]

// What rounds to zero is not positive: a hair more makes it so. A module that does not state the shape of its input is
// asked with one.
struct above_zero {
    layer<> first;
    constexpr auto forward(auto x) const { return pm::softplus(first(x)) + 1e-6; }
};
BOOST_HANA_ADAPT_STRUCT(above_zero, first);
static_assert(pm::positive_output<pm::called_with<above_zero, pm::shape<8>>> && !pm::positive_output<price>);
static_assert(pm::proved<pm::claim::positive_output, pm::called_with<above_zero, pm::shape<8>>>);

// The state of a cell that forgets: two states come closer, whatever the input is.
using cell = pm::parametrize<pm::nn::rnn_cell<3, 8>, pm::at<"weight_hh", pm::param::contracting<0.9>>>;
static_assert(pm::contraction<cell> && pm::proved<pm::claim::contraction, cell>);
// A GRU keeps its state where an input makes it so: with inputs up to 1 and small weights it forgets, too. And a linear
// recurrence forgets where its matrix is stable, whose steps may grow before they shrink.
using tenth = pm::param::interval<-0.1, 0.1>;
using gru = pm::parametrize<pm::nn::gru_cell<3, 8>, pm::at<"weight_ih", tenth>, pm::at<"bias_ih", tenth>,
                            pm::at<"weight_hh", pm::param::interval<-0.05, 0.05>>, pm::at<"bias_hh", tenth>>;
static_assert(pm::contraction_within<gru, 1> && !pm::contraction_within<gru, 30> && !pm::contraction<gru>);
static_assert(pm::proved<pm::claim::contraction_within<1>, gru>);
struct linear_recurrence {
    pm::tensor<pm::shape<4, 4>, pm::chain<pm::param::stable>> a;
    using input_shapes = pm::shapes<pm::shape<4>, pm::shape<4>>;
    constexpr auto forward(auto x, auto h) const { return x + pm::matmul(a, h); }
};
BOOST_HANA_ADAPT_STRUCT(linear_recurrence, a);
static_assert(pm::forgets<linear_recurrence> && pm::proved<pm::claim::forgets, linear_recurrence>);
static_assert(!pm::contraction<linear_recurrence>);

// A user's network, and a layer that spoils it.
using estimated = pm::nn::sequential<rotation, pm::nn::relu, layer<pm::param::spectral_norm<>>>;
static_assert(!(pm::lipschitz<estimated> < 1e300));

namespace {

using vector = xt::xtensor_fixed<float, xt::xshape<8>>;

vector drawn(pm::random& numbers) {
    vector x;
    for (float& e : x) e = static_cast<float>(numbers.uniform(-2, 2));
    return x;
}
double apart(vector const& a, vector const& b) {
    double s = 0;
    for (std::size_t i = 0; i < 8; ++i) s += (double(a(i)) - b(i)) * (double(a(i)) - b(i));
    return std::sqrt(s);
}
// Values of any size in what is trained, as an optimizer might leave them.
template <class Net>
Net spoiled(pm::random& numbers) {
    auto net = pm::make<Net>(pm::seed{1});
    pm::for_each_parameter(net, [&](std::string const&, auto& x) {
        for (float& e : x) e = static_cast<float>(numbers.uniform(-3, 3));
    });
    return net;
}

}  // namespace

int main() {
    pm::random numbers{pm::seed{0}};
    bool right = true;
    double most = 0;
    for (int k = 0; k < 20; ++k) {
        auto const one = spoiled<gentle>(numbers);
        auto const two = spoiled<price>(numbers);
        auto const three = spoiled<energy>(numbers);
        for (int i = 0; i < 50; ++i) {
            vector const x = drawn(numbers), y = drawn(numbers);
            double const slope = apart(one(x), one(y)) / apart(x, y);
            most = std::max(most, slope);
            right = right && slope <= pm::lipschitz<gentle> + 1e-5;

            vector higher = x;
            for (std::size_t j = 0; j < 8; ++j) higher(j) += std::abs(y(j));
            vector const low = two(x), high = two(higher);
            vector const a = three(x), b = three(y), between = three(vector(0.5f * x + 0.5f * y));
            for (std::size_t j = 0; j < 8; ++j) {
                right = right && low(j) >= 0 && low(j) <= high(j) * 1.0001f + 1e-4f;
                right =
                    right && between(j) <= 0.5f * a(j) + 0.5f * b(j) + 1e-3f * (1 + std::abs(a(j)) + std::abs(b(j)));
            }
        }
    }
    std::printf("stretches by %.4f, at most %.5f\n", most, pm::lipschitz<gentle>);
    std::printf("%s\n", pm::why_not<pm::claim::lipschitz<1>, estimated>.data());
    std::printf("%s\n", pm::why_not<pm::claim::monotone<>, energy>.data());
    return right && most > 0.5 && pm::why_not<pm::claim::convex, energy>.empty() ? 0 : 1;
}
