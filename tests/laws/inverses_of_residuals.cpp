// Residual layers undone by iteration: within the accuracy that invert/inverse.hpp states, alone and in batches, in
// float and double.
//
// SPDX-License-Identifier: BSL-1.0
#include "../inverses.hpp"

using namespace inverses;

namespace {

template <class T, auto Bound>
using branch = nn::residual<nn::linear<3, 3, pm::element_type<T>, pm::weight<param::lipschitz<Bound>>>, nn::relu>;

// By how much the round trip misses what is stated: the largest |x' - x| (1 - L) / (epsilon (|x| + |y|)).
template <class Net>
double missed(double rate, auto x) {
    using T = typename decltype(x)::value_type;
    static_assert(pm::proved<pm::claim::invertible, Net>);
    double worst = 0;
    pm::random numbers{pm::seed{1}};
    for (int k = 0; k < 3; ++k) {
        auto f = pm::make<Net>(pm::seed{static_cast<std::uint64_t>(k)});
        double const size = k == 0 ? 1 : k == 1 ? 1e-30 : 1e6;
        for (T& e : x) e = static_cast<T>(size * numbers.uniform(-1, 1));
        auto const y = f(x), back = pm::inverse(f)(y);
        for (std::size_t i = 0; i < x.shape()[0]; ++i) {
            double off = 0, length = 0;
            for (std::size_t j = 0; j < 3; ++j) {
                off = std::hypot(off, double(back(i, j)) - x(i, j));
                length += std::abs(double(x(i, j))) + std::abs(double(y(i, j)));
            }
            double const d = off * (1 - rate) / (length * double(std::numeric_limits<T>::epsilon()));
            if (d > worst || d != d) worst = d;
        }
    }
    return worst;
}

TEST_CASE("inverses: residual layers, by iteration") {
    // A sum of four numbers and a difference round by 4 epsilon at most.
    CHECK(missed<branch<double, 0.5>>(0.5, xt::xtensor<double, 2>::from_shape({35, 3})) < 8);
    CHECK(missed<branch<double, 0.99>>(0.99, batch()) < 8);
    CHECK(missed<branch<float, 0.9>>(0.9, xt::xtensor_fixed<float, xt::xshape<4, 3>>()) < 8);
}

TEST_CASE("inverses: a residual layer between others, of arrays of static shape") {
    using model = net<turn, branch<double, 0.9>, nn::tanh, turn>;
    static_assert(pm::invertible<model>);
    auto const f = pm::make<model>(pm::seed{1});
    row const x{0.3, -0.2, 0.1};
    batch xs;
    pm::random numbers{pm::seed{1}};
    for (double& e : xs) e = numbers.uniform(-1, 1);
    row const back = pm::inverse(f)(row(f(x)));
    auto const frozen = pm::freeze(f);
    batch const backs = pm::inverse(frozen)(batch(f(xs)));
    CHECK((far(back, x) < 1e-13 && far(backs, xs) < 1e-12));
}

TEST_CASE("inverses: an iteration that overflows is an error") {
    auto f = pm::make<nn::residual<nn::linear<3, 3, pm::no_bias, pm::weight<param::lipschitz<0.9>>>>>(pm::seed{1});
    pm::get<"0.weight">(f).original().fill(1);
    float const large = 3.4e38F;
    xt::xtensor_fixed<float, xt::xshape<3>> const y{large, large, -large};
    std::string said;
    try {
        pm::inverse(f)(y);
    } catch (pm::error const& e) {
        said = e.what();
    }
    CHECK(said.find("the iteration that undoes residual leaves the finite numbers") != std::string::npos);
}

}  // namespace
