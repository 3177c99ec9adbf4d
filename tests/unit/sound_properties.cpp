// What the types of networks say, against what a search finds of networks at random: no slope is larger than its bound,
// no result falls where it may not, none lies above a chord; and what is stated wrongly is found.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../slopes.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/recurrent_cells.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/param/ball.hpp"
#include "paramorph/param/contracting.hpp"
#include "paramorph/param/interval.hpp"
#include "paramorph/param/lipschitz.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/simplex.hpp"

namespace param = pm::param;
using slopes::generator;

namespace {

template <class... Stages>
using layer = pm::nn::linear<4, 4, pm::element_type<double>, pm::weight<Stages...>>;
using turn = layer<param::orthogonal<>>;
using up = layer<param::positive>;
template <class... Modules>
using net = pm::nn::sequential<Modules...>;

// No slope is larger than the bound, and one comes so close.
template <class Net>
void hold(double close) {
    double const share = slopes::reach<Net>();
    CHECK(share <= 1 + 1e-9);
    CHECK(share >= close);
}

// Stated wrongly: twice what it says, falling where it says that it rises, and a set that its value is not of.
struct steep : pm::op::elementwise<steep, 1> {
    static constexpr std::string_view name = "steep";
    static constexpr pm::trend runs(double const*) { return {.least = 1, .most = 1, .convex = true, .concave = true}; }
    template <class M, class V>
    static constexpr V value(V x) {
        return x + x;
    }
};
struct wavy : pm::op::elementwise<wavy, 1> {
    static constexpr std::string_view name = "wavy";
    static constexpr pm::trend runs(double const*) { return {.least = 0, .most = 1, .convex = true}; }
    template <class M, class V>
    static constexpr V value(V x) {
        return M::sin(x);
    }
};
template <class Op>
struct applies {
    static constexpr auto forward(auto x) { return pm::apply_elementwise<Op>(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct stretched {
    using codomain = pm::set::contraction<1>;
    static constexpr auto forward(auto x) { return 1.5 * param::contracting<1>::forward(x); }
};

struct less_tanh {
    static constexpr auto forward(auto x) { return x - pm::tanh(x); }
};
struct wavy_share {
    static constexpr auto forward(auto x) { return pm::sin(pm::tanh(x)) / (2 + pm::tanh(x)) + pm::abs(pm::tanh(x)); }
};
struct doubled_above {
    static constexpr auto forward(auto x) { return pm::where(pm::tanh(x) >= 0.5, 2 * pm::tanh(x) - 0.5, pm::tanh(x)); }
};
template <int... Axes>
struct sum_of_exponentials {
    static constexpr auto forward(auto x) { return pm::logsumexp<Axes...>(x); }
};
struct written_out {
    static constexpr auto forward(auto x) {
        return pm::log(2 + pm::sum<1>(pm::exp(x))) + pm::log1p(pm::exp(pm::max<1>(x)));
    }
};
struct running_sums {
    static constexpr auto forward(auto x) { return pm::cumsum<1>(x); }
};
template <class Module>
using of_rows = pm::called_with<net<Module>, pm::shape<2, 3>>;
template <class Activation>
using alone = pm::called_with<net<Activation>, pm::shape<1>>;

}  // namespace

TEST_CASE("lipschitz: no search finds a larger slope") {
    hold<net<turn, pm::nn::relu, turn, pm::nn::leaky_relu<>, turn>>(0.9);
    hold<net<turn, pm::nn::group_sort<>, turn, pm::nn::group_sort<4>, turn>>(0.99);
    hold<net<layer<param::contracting<2>>, pm::nn::tanh, layer<param::lipschitz<3>>, pm::nn::silu>>(0.5);
    hold<net<turn, pm::nn::hardswish, turn, pm::nn::hardsigmoid, turn, pm::nn::elu<2>>>(0.3);
    hold<net<layer<param::interval<-1, 2>>, pm::nn::relu6, layer<param::ball<3>>, pm::nn::gelu>>(0.05);
    hold<net<layer<param::simplex>, pm::nn::sigmoid, up, pm::nn::softmax<>>>(0);
    hold<net<pm::nn::residual<turn, pm::nn::relu>, pm::nn::softplus, pm::nn::residual<turn, pm::nn::tanh>>>(0.4);
    hold<net<turn, pm::nn::softmax<>>>(0.9);
}

// Of what reads a number more than once, a search comes within a tenth.
TEST_CASE("lipschitz: functions of one number that several operations make") {
    hold<alone<pm::nn::mish>>(0.91);
    hold<alone<pm::nn::gelu_tanh>>(0.91);
    hold<alone<pm::nn::hardswish>>(0.91);
    hold<alone<less_tanh>>(0.91);
    hold<alone<wavy_share>>(0.91);
    hold<alone<doubled_above>>(0.7);  // a function of tanh(x): 2 of it, 1.5 of x
    // x - tanh(x): 1 - (1 - tanh(x)^2) lies within 0 and 1.
    static_assert(pm::monotone<alone<less_tanh>> && pm::lipschitz<alone<less_tanh>> == 1);
    static_assert(!pm::monotone<alone<pm::nn::mish>> && pm::lipschitz<alone<pm::nn::mish>> < 1.15);
    // Another of the same kind is the same function, of smaller numbers another one.
    static_assert(pm::lipschitz<alone<net<less_tanh, pm::nn::tanh, less_tanh>>> < 0.6);
}

TEST_CASE("lipschitz: functions of rows") {
    using row = pm::shape<3>;
    hold<of_rows<pm::nn::log_softmax<>>>(0.9);
    hold<of_rows<sum_of_exponentials<1>>>(0.9);
    hold<of_rows<sum_of_exponentials<>>>(0.9);
    hold<of_rows<written_out>>(0.7);
    hold<of_rows<running_sums>>(0.9);
    hold<of_rows<pm::nn::layer_norm<row, pm::no_affine, pm::epsilon<0.25>>>>(0.9);
    hold<of_rows<pm::nn::rms_norm<row, pm::no_affine, pm::epsilon<0.01>>>>(0.9);
    static_assert(pm::convex<of_rows<sum_of_exponentials<1>>> && pm::monotone<of_rows<written_out>>);
    static_assert(!pm::monotone<of_rows<pm::nn::log_softmax<>>>);
    constexpr double without = pm::lipschitz<of_rows<pm::nn::layer_norm<row, pm::no_affine, pm::epsilon<0>>>>;
    CHECK(without == std::numeric_limits<double>::infinity());
}

TEST_CASE("lipschitz: power iteration proves nothing, the same network with an upper bound does") {
    CHECK(pm::lipschitz<layer<param::positive>> == std::numeric_limits<double>::infinity());
    CHECK(pm::lipschitz<net<layer<param::lipschitz<1>>, pm::nn::relu>> == 1);
}

TEST_CASE("contraction: states come closer") {
    using cell =
        pm::parametrize<pm::nn::rnn_cell<3, 4, pm::element_type<double>>, pm::at<"weight_hh", param::contracting<0.9>>>;
    static_assert(pm::contraction<cell>);
    generator r(5);
    double most = 0;
    for (int k = 0; k < 4; ++k) {
        slopes::function_of<cell> const f(r, k % 2 ? 0.3 : 3);
        double const s = slopes::steepest(f, r, f.inputs(), f.first_input());
        if (s > most || s != s) most = s;
    }
    CHECK((most <= 0.9 + 1e-9 && most > 0.7));
}

TEST_CASE("monotone, convex: no search finds a fall, nor a result above a chord") {
    generator r(9);
    auto const falls = [&]<class Net>(std::type_identity<Net>) {
        static_assert(pm::monotone<Net>);
        slopes::function_of<Net> const f(r, 1);
        return slopes::fall(f, r, f.inputs());
    };
    CHECK(falls(std::type_identity<net<up, pm::nn::tanh, up, pm::nn::leaky_relu<>, up>>{}) <= 1e-13);
    CHECK(
        falls(std::type_identity<net<layer<param::interval<-2, 0>>, pm::nn::elu<>, layer<param::interval<-1, 0>>>>{}) <=
        1e-13);
    CHECK(falls(std::type_identity<net<up, pm::nn::group_sort<4>, pm::nn::hardsigmoid>>{}) <= 1e-13);
    auto const bends = [&]<class Net>(std::type_identity<Net>) {
        static_assert(pm::convex<Net>);
        slopes::function_of<Net> const f(r, 1);
        return slopes::above_chord(f, r, f.inputs());
    };
    CHECK(bends(std::type_identity<net<layer<>, pm::nn::relu, up, pm::nn::softplus, up>>{}) <= 1e-13);
    CHECK(bends(std::type_identity<net<layer<>, pm::nn::leaky_relu<>, up, pm::nn::elu<>>>{}) <= 1e-13);
    // What is not proved falls and bends, so that the searches are able to find it.
    slopes::function_of<net<up, pm::nn::silu, up>> const dips(r, 1);
    CHECK(slopes::fall(dips, r, dips.inputs()) > 1e-4);
    slopes::function_of<net<layer<>, pm::nn::tanh>> const bent(r, 1);
    CHECK(slopes::above_chord(bent, r, bent.inputs()) > 1e-3);
}

TEST_CASE("properties: what is stated wrongly is found") {
    using twice = net<turn, applies<steep>>;
    static_assert(pm::lipschitz<twice> < 1.001);
    CHECK(slopes::reach<twice>(1) > 1.5);
    using wave = net<up, applies<wavy>>;
    static_assert(pm::monotone<wave> && pm::convex<net<turn, applies<wavy>>>);
    generator r(3);
    slopes::function_of<wave> const f(r, 1);
    CHECK(slopes::fall(f, r, f.inputs()) > 0.01);
    CHECK(slopes::above_chord(f, r, f.inputs()) > 0.01);
    using beyond = net<layer<stretched>, pm::nn::relu>;
    static_assert(pm::lipschitz<beyond> < 1.001);
    CHECK(slopes::reach<beyond>(2) > 1.1);
}
