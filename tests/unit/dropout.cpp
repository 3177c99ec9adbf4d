// dropout: what is kept and what it becomes, in both modes; what a step, a copy and a second use draw.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include "../catch.hpp"
#include "paramorph/nn/dropout.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/optim/sgd.hpp"

namespace pm = paramorph;

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

namespace {

array<40, 50> ones() {
    array<40, 50> x;
    x.fill(1);
    return x;
}

struct twice {
    pm::nn::dropout<0.25> drop;
    pm::tensor<pm::shape<40, 50>> gain{pm::full(2)};
    constexpr auto forward(auto x) const {
        auto const first = drop(x * gain);
        return std::tuple{first, drop(x * gain)};
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(twice, drop, gain);

TEST_CASE("dropout: kept numbers are scaled, others are zero, and the mean stays", "[dropout]") {
    auto net = pm::make<pm::nn::dropout<0.2>>(pm::seed{3});
    auto const y = pm::training(net)(ones());
    int kept = 0;
    for (float const v : y) {
        CHECK((v == 0 || v == 1.25f));
        kept += v != 0;
    }
    CHECK(std::abs(kept - 1600) < 80);  // 4.5 standard deviations
    auto const again = pm::training(net)(ones());
    CHECK((again != y));
    CHECK((net(ones()) == ones()));
    CHECK((pm::freeze(net)(ones()) == ones()));
}

TEST_CASE("dropout: the numbers are those of pm::random, row by row", "[dropout]") {
    auto net = pm::make<pm::nn::dropout<0.5>>(pm::seed{4});
    auto const state = net.state();
    std::uint64_t bits = 0;
    for (std::size_t k = 4; k-- > 0;) bits = bits << 16 | std::uint64_t(state(k));
    pm::random numbers(bits);
    for (float const v : pm::training(net)(ones())) CHECK(v == (numbers.uniform(0, 1) < 0.5 ? 0 : 2));
    auto const after = net.state();
    for (std::size_t k = 0; k < 4; ++k) CHECK(after(k) == float(numbers.state() >> (16 * k) & 0xffff));
}

TEST_CASE("dropout: a copy of a network drops the same, another seed others", "[dropout]") {
    auto a = pm::make<pm::nn::dropout<>>(pm::seed{5});
    pm::training(a)(ones());
    auto b = a;
    auto c = pm::make<pm::nn::dropout<>>(pm::seed{6});
    auto const of_a = pm::training(a)(ones());
    CHECK((of_a == pm::training(b)(ones())));
    CHECK((of_a != pm::training(c)(ones())));
}

TEST_CASE("dropout: two uses in a step and two layers drop others", "[dropout]") {
    auto net = pm::make<twice>(pm::seed{7});
    auto const [first, second] = pm::training(net)(ones());
    CHECK((first != second));
    using two = pm::nn::sequential<pm::nn::dropout<>, pm::nn::dropout<>>;
    auto both = pm::make<two>(pm::seed{1});
    CHECK((pm::get<0>(both).state() != pm::get<1>(both).state()));
}

TEST_CASE("dropout: the gradient is that of what was kept", "[dropout]") {
    auto net = pm::make<twice>(pm::seed{8});
    auto step = pm::value_and_grad([](auto& n, auto x) { return pm::sum(std::get<0>(n(x)) + std::get<1>(n(x))); }, net);
    auto reference = net;
    auto const& [value, gradient] = step(ones());
    auto const [a, b] = pm::training(reference)(ones());
    auto const [c, d] = pm::training(reference)(ones());
    float sum = 0;
    auto const of_gain = gradient.at<"gain">();
    for (std::size_t i = 0; i < 40; ++i)
        for (std::size_t j = 0; j < 50; ++j) {
            sum += a(i, j) + d(i, j);
            CHECK(of_gain(i, j) == Approx((a(i, j) + d(i, j)) / 2));
        }
    CHECK(value == Approx(sum));
    CHECK((net.drop.state() == reference.drop.state()));
}

TEST_CASE("dropout: probabilities of 0 and 1, and what is not finite", "[dropout]") {
    auto none = pm::make<pm::nn::dropout<0>>(pm::seed{1});
    auto all = pm::make<pm::nn::dropout<1>>(pm::seed{1});
    auto some = pm::make<pm::nn::dropout<0.5>>(pm::seed{1});
    auto x = ones();
    x.fill(std::numeric_limits<float>::infinity());
    CHECK((pm::training(none)(x) == x));
    for (float const v : pm::training(all)(x)) CHECK(v == 0);
    for (float const v : pm::training(some)(x)) CHECK((v == 0 || v == x(0, 0)));
}

TEST_CASE("dropout: doubles", "[dropout]") {
    auto net = pm::make<pm::nn::dropout<0.75, pm::element_type<double>>>(pm::seed{9});
    xt::xtensor_fixed<double, xt::xshape<3, 2, 2, 5>> x;
    x.fill(-1);
    for (double const v : pm::training(net)(x)) CHECK((v == 0 || v == -4));
}
