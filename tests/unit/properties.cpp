// Properties of a network that its type decides: known values, what is lost where, and what proves nothing. Networks
// whose slopes are searched are in sound_properties.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;
namespace param = pm::param;

namespace {

template <int In, int Out, class... Stages>
using dense = pm::nn::linear<In, Out, pm::element_type<double>, pm::weight<Stages...>>;
template <class... Stages>
using layer = dense<4, 4, Stages...>;
using turn = layer<param::orthogonal<>>;
template <class... Modules>
using net = pm::nn::sequential<Modules...>;

// At least the number, and no more than rounding of the weights above it.
constexpr bool about(double bound, double x) {
    return bound >= x && bound <= x * (1 + 1e-11);
}

// --- Lipschitz -----------------------------------------------------------------------------------------------------

static_assert(about(pm::lipschitz<turn>, 1) && pm::lipschitz<turn> > 1);  // 1 exactly would be without rounding
static_assert(about(pm::lipschitz<net<turn, pm::nn::relu, turn, pm::nn::tanh, turn>>, 1));
static_assert(pm::lipschitz<net<pm::nn::linear<4, 4, pm::weight<param::orthogonal<>>>>> > 1 + 5 * 16 * 0x1p-23 &&
              pm::lipschitz<net<pm::nn::linear<4, 4, pm::weight<param::orthogonal<>>>>> < 1.00001);
static_assert(about(pm::lipschitz<net<turn, pm::nn::sigmoid, turn>>, 0.25));
static_assert(about(pm::lipschitz<net<turn, pm::nn::leaky_relu<>, pm::nn::leaky_relu<3>>>, 3));
static_assert(about(pm::lipschitz<net<turn, pm::nn::hardtanh<>, pm::nn::relu6, pm::nn::softplus>>, 1));
static_assert(about(pm::lipschitz<net<turn, pm::nn::hardsigmoid>>, 1.0 / 6));
static_assert(about(pm::lipschitz<net<turn, pm::nn::hardswish>>, 1.5));
static_assert(about(pm::lipschitz<net<turn, pm::nn::elu<2>>>, 2) && about(pm::lipschitz<net<turn, pm::nn::elu<>>>, 1));
static_assert(about(pm::lipschitz<net<turn, pm::nn::silu>>, 1.09983933));
static_assert(about(pm::lipschitz<net<turn, pm::nn::softmax<>>>, 0.5));
static_assert(about(pm::lipschitz<net<turn, pm::nn::group_sort<>, turn, pm::nn::group_sort<4>, turn>>, 1));
static_assert(about(pm::lipschitz<pm::nn::residual<turn, pm::nn::relu>>, 2));
static_assert(about(pm::lipschitz<dense<3, 4, param::contracting<2>>>, 2));
static_assert(pm::lipschitz<dense<3, 4, param::lipschitz<3>>> == 3);  // its rounding is within
static_assert(about(
    pm::lipschitz<net<layer<param::lipschitz<100>>, layer<param::lipschitz<100>>, layer<param::lipschitz<100>>>>, 1e6));
// Of what has no norm of its own: all elements within [-1, 2]; rows of unit length, and of length 3; a row-stochastic
// one.
static_assert(about(pm::lipschitz<dense<4, 9, param::interval<-1, 2>>>, 12));
static_assert(about(pm::lipschitz<dense<4, 9, param::unit_norm>>, 3));
static_assert(about(pm::lipschitz<dense<4, 9, param::ball<3>>>, 9));
static_assert(about(pm::lipschitz<dense<4, 9, param::simplex>>, 3));
static_assert(about(pm::lipschitz<dense<4, 9, param::almost_orthogonal<0.5>>>, 1.5));

// Filters with orthonormal rows, whose nine taps overlap; strides apart, they do not.
template <class... Options>
using convolution = pm::nn::conv2d<2, 4, 3, pm::element_type<double>, pm::weight<param::orthogonal<>>, Options...>;
static_assert(about(pm::lipschitz<pm::called_with<convolution<pm::padding<1>>, pm::shape<2, 6, 6>>>, 3));
static_assert(about(pm::lipschitz<pm::called_with<convolution<pm::stride<3>>, pm::shape<2, 6, 6>>>, 1));
static_assert(about(pm::lipschitz<pm::called_with<convolution<pm::stride<2>>, pm::shape<2, 7, 7>>>, 2));
static_assert(about(pm::lipschitz<pm::called_with<net<convolution<pm::stride<3>>, pm::nn::max_pool2d<2>,
                                                      pm::nn::group_sort<2, 1>, pm::nn::flatten<>>,
                                                  pm::shape<2, 2, 6, 6>>>,
                    1));

// No number is known of these.
template <class Net>
inline constexpr bool lost = pm::lipschitz<Net> == std::numeric_limits<double>::infinity() &&
                             !pm::why_not<pm::claim::lipschitz<1e300>, Net>.empty();
static_assert(lost<layer<>> && lost<net<turn, layer<>, turn>> && lost<net<turn, layer<param::positive>>>);
static_assert(lost<layer<param::spectral_norm<>>> && lost<layer<param::symmetric>> && lost<layer<param::stable>>);

// --- modules of one's own ------------------------------------------------------------------------------------------

#define MODULE(name, body)                               \
    struct name {                                        \
        turn inner;                                      \
        constexpr auto forward(auto x) const {           \
            return body;                                 \
        }                                                \
        constexpr auto operator()(auto const& x) const { \
            return pm::call(*this, x);                   \
        }                                                \
        using input_shape = pm::shape<4>;                \
    };
MODULE(damped, 0.75 * x + 0.25 * pm::relu(inner(x)))
MODULE(halves, (pm::concatenate<0>(pm::slice<0, 2, 4>(x), pm::slice<0, 0, 2>(inner(x)))))
MODULE(doubled, (pm::concatenate<0>(x, x)))
MODULE(overlapping, (pm::concatenate<0>(pm::slice<0, 0, 3>(x), pm::slice<0, 1, 4>(x))))
MODULE(all_of, pm::sum(x) * 0.5)
MODULE(largest, pm::max(inner(x)))
MODULE(length, pm::norm(inner(x)))
MODULE(steps, pm::where(x > 0, 1.0, 0.0))
MODULE(jumps, pm::where(x > 0, x + 1, x))
MODULE(meets, pm::where(x > 1, 2 * x - 1, x))
MODULE(turns_up, pm::where(1 > x, -x, 2 * x - 3))
MODULE(bounded, pm::tanh(x) * pm::sigmoid(x))
MODULE(product, x* pm::sigmoid(x))
MODULE(by_itself, pm::tanh(x) * pm::tanh(x))
MODULE(quotient, x / (1 + pm::exp(x)))
MODULE(share, 1.0 / (2 + pm::tanh(x)))
MODULE(another, (pm::where(0 * x > 0.5, x, 2 * x)))
MODULE(rounded, pm::round(x))
MODULE(cut, pm::where(pm::sum(x) > 0, x, 2 * x))
MODULE(shifted, pm::softplus(x) + 1e-6)
MODULE(root, pm::sqrt(inner(x)) + 1.0)
MODULE(root_within, pm::sqrt(pm::relu(x)) + 1.0)
MODULE(clipped_logarithm, pm::clamp(pm::log(x), 1.0, 2.0))
MODULE(shares_of_logarithms, pm::softmax(pm::log(x)))
MODULE(logarithm_within, pm::log(pm::softplus(x) + 1e-6))
MODULE(mean_of_shares, 0.25 * pm::softmax(x) + 0.75 * pm::softmax(inner(x)))
MODULE(repeated, (pm::broadcast_to<pm::shape<9, 4>>(x)))
MODULE(by_sums, pm::matmul(pm::unsqueeze<0>(x), pm::sum<0>(inner.weight)))
MODULE(by_largest, pm::matmul(pm::unsqueeze<0>(x), pm::max<0>(inner.weight)))
MODULE(minmax, (pm::concatenate<0>(pm::maximum(x, inner(x)), pm::minimum(inner(x), x))))
#undef MODULE

}  // namespace
BOOST_HANA_ADAPT_STRUCT(damped, inner);
BOOST_HANA_ADAPT_STRUCT(halves, inner);
BOOST_HANA_ADAPT_STRUCT(doubled, inner);
BOOST_HANA_ADAPT_STRUCT(overlapping, inner);
BOOST_HANA_ADAPT_STRUCT(all_of, inner);
BOOST_HANA_ADAPT_STRUCT(largest, inner);
BOOST_HANA_ADAPT_STRUCT(length, inner);
BOOST_HANA_ADAPT_STRUCT(steps, inner);
BOOST_HANA_ADAPT_STRUCT(jumps, inner);
BOOST_HANA_ADAPT_STRUCT(meets, inner);
BOOST_HANA_ADAPT_STRUCT(turns_up, inner);
BOOST_HANA_ADAPT_STRUCT(bounded, inner);
BOOST_HANA_ADAPT_STRUCT(product, inner);
BOOST_HANA_ADAPT_STRUCT(by_itself, inner);
BOOST_HANA_ADAPT_STRUCT(quotient, inner);
BOOST_HANA_ADAPT_STRUCT(share, inner);
BOOST_HANA_ADAPT_STRUCT(another, inner);
BOOST_HANA_ADAPT_STRUCT(rounded, inner);
BOOST_HANA_ADAPT_STRUCT(cut, inner);
BOOST_HANA_ADAPT_STRUCT(root, inner);
BOOST_HANA_ADAPT_STRUCT(root_within, inner);
BOOST_HANA_ADAPT_STRUCT(clipped_logarithm, inner);
BOOST_HANA_ADAPT_STRUCT(shares_of_logarithms, inner);
BOOST_HANA_ADAPT_STRUCT(logarithm_within, inner);
BOOST_HANA_ADAPT_STRUCT(shifted, inner);
BOOST_HANA_ADAPT_STRUCT(mean_of_shares, inner);
BOOST_HANA_ADAPT_STRUCT(repeated, inner);
BOOST_HANA_ADAPT_STRUCT(by_sums, inner);
BOOST_HANA_ADAPT_STRUCT(by_largest, inner);
BOOST_HANA_ADAPT_STRUCT(minmax, inner);
namespace {

static_assert(about(pm::lipschitz<damped>, 1) && about(pm::lipschitz<doubled>, 1.4142135623730951));
static_assert(about(pm::lipschitz<halves>, 1.4142135623730951) &&
              about(pm::lipschitz<overlapping>, 1.4142135623730951));
static_assert(about(pm::lipschitz<all_of>, 1) && about(pm::lipschitz<largest>, 1) && about(pm::lipschitz<length>, 1));
static_assert(about(pm::lipschitz<meets>, 2) && about(pm::lipschitz<turns_up>, 2) && lost<steps> && lost<jumps>);
static_assert(about(pm::lipschitz<bounded>, 1.25) && about(pm::lipschitz<by_itself>, 2) && lost<product>);
static_assert(about(pm::lipschitz<share>, 1) && lost<quotient> && lost<another> && lost<rounded> && lost<cut>);
static_assert(about(pm::lipschitz<repeated>, 3) && about(pm::lipschitz<minmax>, 1.4142135623730951));
// The sums of the columns of an orthogonal matrix [4, 4] may be 2 long, and so may its largest elements.
static_assert(pm::lipschitz<by_sums> >= 2 && pm::lipschitz<by_largest> >= 2);

// --- monotone ------------------------------------------------------------------------------------------------------

using up = layer<param::positive>;
static_assert(pm::monotone<up> && pm::monotone<net<up, pm::nn::relu, up, pm::nn::sigmoid, up, pm::nn::elu<>>>);
static_assert(pm::monotone<net<up, pm::nn::leaky_relu<>, layer<param::simplex>, pm::nn::hardtanh<>, pm::nn::softplus>>);
// Numbers below zero twice, and once.
using down = layer<param::interval<-2, 0>>;
static_assert(pm::monotone<net<down, pm::nn::tanh, down>> && !pm::monotone<net<down, pm::nn::tanh, up>>);
// One layer that is not, activations that fall somewhere, and those that bend where they meet nothing.
static_assert(!pm::monotone<net<up, layer<>, up>> && !pm::monotone<net<up, pm::nn::silu, up>>);
static_assert(!pm::monotone<net<up, pm::nn::gelu>> && !pm::monotone<net<up, pm::nn::softmax<>>>);
static_assert(!pm::monotone<net<up, pm::nn::leaky_relu<-1>>> && !pm::monotone<net<up, pm::nn::hardswish>>);
static_assert(pm::monotone<meets> && !pm::monotone<turns_up> && !pm::monotone<damped> &&
              pm::monotone<net<up, pm::nn::group_sort<>>>);

// tanh(x) sigmoid(x): both rise, but one is negative somewhere.
static_assert(!pm::monotone<bounded> && !pm::monotone<by_itself>);

// In one of two inputs.
struct two_inputs {
    up rising;
    layer<> any;
    constexpr auto forward(auto x, auto y) const { return pm::tanh(rising(x) + pm::relu(any(y))); }
    using input_shapes = pm::shapes<pm::shape<4>, pm::shape<4>>;
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(two_inputs, rising, any);
namespace {

static_assert(pm::monotone<two_inputs, 0> && !pm::monotone<two_inputs, 1> && !pm::monotone<two_inputs>);

// --- signs, sums, convexity ----------------------------------------------------------------------------------------

static_assert(pm::positive_output<shifted> && !pm::positive_output<net<turn, pm::nn::softplus>>);
static_assert(pm::nonnegative_output<net<layer<>, pm::nn::softplus>> &&
              pm::nonnegative_output<net<layer<>, pm::nn::relu, up>> == false);
static_assert(
    pm::nonnegative_output<
        pm::nn::sequential<layer<>, pm::nn::relu,
                           pm::nn::linear<4, 4, pm::element_type<double>, pm::no_bias, pm::weight<param::positive>>>>);
static_assert(pm::nonnegative_output<length> && !pm::nonnegative_output<turn> && pm::nonnegative_output<by_itself>);

static_assert(pm::sums_to_one<net<layer<>, pm::nn::softmax<>>> && pm::sums_to_one<mean_of_shares>);
static_assert(!pm::sums_to_one<turn> && !pm::sums_to_one<net<layer<>, pm::nn::softmax<>, turn>>);
template <class... Options>
using mixing = pm::nn::linear<4, 3, pm::element_type<double>, Options...>;
static_assert(
    pm::sums_to_one<net<layer<>, pm::nn::softmax<>, mixing<pm::no_bias, pm::weight<param::column_stochastic>>>>);
static_assert(!pm::sums_to_one<net<layer<>, pm::nn::softmax<>, mixing<pm::weight<param::column_stochastic>>>>);
static_assert(!pm::sums_to_one<net<layer<>, pm::nn::softmax<>, mixing<pm::no_bias, pm::weight<param::simplex>>>>);

static_assert(pm::convex<layer<>> && pm::convex<net<layer<>, pm::nn::relu, up, pm::nn::softplus, up>>);
static_assert(pm::convex<net<layer<>, pm::nn::leaky_relu<>, up>> && pm::convex<length> && pm::convex<largest>);
static_assert(!pm::convex<net<layer<>, pm::nn::relu, layer<>>> && !pm::convex<net<layer<>, pm::nn::tanh>>);
static_assert(!pm::convex<net<layer<>, pm::nn::leaky_relu<2>>> && !pm::convex<net<layer<>, pm::nn::hardtanh<>>>);
static_assert(pm::convex<meets> && pm::convex<turns_up> && !pm::convex<jumps> && !pm::convex<bounded>);
static_assert(pm::convex<net<layer<>, pm::nn::elu<>>> && !pm::convex<net<layer<>, pm::nn::elu<2>>>);
// Convex of concave is not known; rising and convex of convex is.
static_assert(!pm::convex<net<layer<>, pm::nn::relu, down, pm::nn::relu>> &&
              pm::convex<net<layer<>, pm::nn::relu, up, pm::nn::elu<>>>);

// --- recurrent cells -----------------------------------------------------------------------------------------------

template <class Cell, class... Stages>
using recurrent = pm::parametrize<Cell, pm::at<"weight_hh", Stages...>>;
using cell = pm::nn::rnn_cell<3, 4>;
static_assert(pm::contraction<recurrent<cell, param::contracting<0.99>>> &&
              pm::contraction<recurrent<cell, param::lipschitz<0.5>>>);
// At most 1 is not less than 1; orthogonal is not.
static_assert(!pm::contraction<recurrent<cell, param::lipschitz<1>>> &&
              !pm::contraction<recurrent<cell, param::orthogonal<>>>);
static_assert(!pm::contraction<cell> && !pm::contraction<recurrent<pm::nn::gru_cell<3, 4>, param::lipschitz<0.5>>>);

// What may leave the domain of an operation is no number for some inputs: nothing is proved of it.
static_assert(!pm::positive_output<root> && !pm::nonnegative_output<root> && !pm::monotone<root>);
static_assert(!pm::positive_output<clipped_logarithm> && !pm::monotone<clipped_logarithm>);
static_assert(!pm::sums_to_one<shares_of_logarithms> && !pm::nonnegative_output<shares_of_logarithms>);
static_assert(pm::positive_output<root_within> && pm::monotone<root_within> && pm::monotone<logarithm_within>);

// --- sentences -----------------------------------------------------------------------------------------------------

template <class Claim, class Net>
constexpr bool says(std::string_view part) {
    return pm::why_not<Claim, Net>.find(part) != std::string_view::npos;
}
using second = net<turn, pm::nn::relu, layer<param::spectral_norm<>>, pm::nn::relu, layer<>>;
static_assert(
    says<pm::claim::lipschitz<1>, second>("no bound of 2.weight: spectral_norm divides by what power iteration found"));
static_assert(says<pm::claim::lipschitz<1>, net<turn, layer<param::symmetric>>>(
    "no norm of 1.weight is known, for its set is symmetric"));
static_assert(says<pm::claim::lipschitz<0.5>, layer<param::lipschitz<2>>>("0.5 is not proved: the bound is 2"));
static_assert(says<pm::claim::lipschitz<9>, steps>("where"));
static_assert(says<pm::claim::monotone<>, net<up, pm::nn::relu, layer<>>>("2.weight may have elements of both signs"));
static_assert(says<pm::claim::monotone<>, net<up, pm::nn::silu, up>>("silu, behind 0.bias, is not known to rise"));
static_assert(says<pm::claim::convex, net<layer<>, pm::nn::tanh>>("tanh, behind 0.bias, is not known to be convex"));
static_assert(
    says<pm::claim::positive_output, net<turn, pm::nn::softplus>>("softplus, whose values may reach down to 0"));
static_assert(says<pm::claim::contraction, cell>("no norm of weight_hh is known"));
static_assert(pm::why_not<pm::claim::convex, turn>.empty() && pm::proved<pm::claim::monotone<>, up>);

// NaN and infinity prove nothing, at any bound.
static_assert(!pm::claim::lipschitz<std::numeric_limits<double>::infinity()>::holds<layer<>>);
static_assert(!pm::claim::lipschitz<std::numeric_limits<double>::quiet_NaN()>::holds<turn>);

}  // namespace

TEST_CASE("properties: a network that is proved trains and keeps them") {
    // The largest slope that one finds is what the type says, before and after any step of an optimizer.
    layer<param::lipschitz<1>> one{pm::seed{3}};
    xt::xtensor_fixed<double, xt::xshape<4>> const a{1, 2, -1, 0.5}, b{0, 0, 0, 0};
    for (double const by : {1e-3, 1.0, 1e9}) {
        one.weight.original() *= by;
        auto const difference = xt::eval(one(a) - one(b));
        CHECK(xt::sum(difference * difference)() <= xt::sum(a * a)());
    }
}
