// Cells whose states come closer in other norms than the 2-norm: GRUs within bounds, whose slopes are searched, and
// stable linear recurrences, which are run.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../slopes.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace param = pm::param;

namespace {

using pm::element_type;
template <class Input, class Hidden, class Bias>
using gru = pm::parametrize<pm::nn::gru_cell<3, 4, element_type<double>>, pm::at<"weight_ih", Input>,
                            pm::at<"weight_hh", Hidden>, pm::at<"bias_ih", Bias>, pm::at<"bias_hh", Bias>>;
template <class Input, class Hidden>
using without_bias = pm::parametrize<pm::nn::gru_cell<3, 4, pm::no_bias, element_type<double>>,
                                     pm::at<"weight_ih", Input>, pm::at<"weight_hh", Hidden>>;
using tenth = param::interval<-0.1, 0.1>;
using small = gru<tenth, tenth, tenth>;
using normed = without_bias<param::contracting<0.5>, param::contracting<0.15>>;
static_assert(pm::contraction_within<small, 1> && !pm::contraction_within<small, 3> && !pm::contraction<small>);
static_assert(pm::contraction_within<normed, 1> && pm::contraction_within<without_bias<tenth, tenth>, 0>);
static_assert(!pm::contraction_within<small, 30> && !pm::contraction_within<small, -1> &&
              !pm::contraction_within<gru<tenth, param::interval<-1, 1>, tenth>, 1>);
static_assert(!pm::contraction_within<pm::nn::gru_cell<3, 4>, 1> &&
              !pm::contraction_within<gru<tenth, tenth, param::positive>, 1>);
// Of another cell it is a contraction for all inputs.
using forgetful = pm::parametrize<pm::nn::rnn_cell<3, 4>, pm::at<"weight_hh", param::contracting<0.9>>>;
static_assert(pm::contraction_within<forgetful, 1> && pm::forgets<forgetful>);

template <class Claim, class Net>
constexpr bool says(std::string_view text) {
    return !Claim::template holds<Net> && pm::why_not<Claim, Net>.find(text) != std::string_view::npos;
}
using within_one = pm::claim::contraction_within<1>;
static_assert(says<within_one, pm::nn::gru_cell<3, 4>>("nothing bounds weight_ih, for its set is real"));
static_assert(
    says<within_one, gru<tenth, param::positive, tenth>>("nothing bounds weight_hh, for its set is positive"));
static_assert(says<within_one, gru<tenth, param::interval<-1, 1>, tenth>>("a state may move by"));
static_assert(says<pm::claim::contraction, small>("a GRU keeps its state where its update gate is near 1"));

// --- linear recurrences
// ------------------------------------------------------------------------------------------------

template <class... Stages>
struct recurrence {
    pm::nn::linear<2, 4, element_type<double>> in;
    pm::tensor<pm::shape<4, 4>, pm::chain<Stages...>, double> a;
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<4>>;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(in(x)) + pm::matmul(h, pm::transpose(a)); }
    constexpr auto operator()(auto const& x, auto const& h) const { return pm::call(*this, x, h); }
};
#define CELL(name, next)                                                 \
    struct name {                                                        \
        pm::tensor<pm::shape<4, 4>, pm::chain<param::stable>, double> a; \
        using input_shapes = pm::shapes<pm::shape<4>, pm::shape<4>>;     \
        constexpr auto forward(auto x, auto h) const {                   \
            return next;                                                 \
        }                                                                \
    };
CELL(column, x + pm::matmul(a, h))
CELL(twice, pm::matmul(h, a) + pm::matmul(h, a) + x)
CELL(squashed, pm::tanh(pm::matmul(h, a) + x))
CELL(with_itself, h + pm::matmul(h, a) + x)
CELL(scaled_up, 2 * pm::matmul(h, a) + x)
CELL(by_input, x* pm::matmul(h, a))
#undef CELL

}  // namespace
template <class... Stages>
struct boost::hana::accessors_impl<recurrence<Stages...>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("in"), [](auto& c) -> auto& { return c.in; }),
            boost::hana::make_pair(BOOST_HANA_STRING("a"), [](auto& c) -> auto& { return c.a; }));
    }
};
BOOST_HANA_ADAPT_STRUCT(column, a);
BOOST_HANA_ADAPT_STRUCT(twice, a);
BOOST_HANA_ADAPT_STRUCT(squashed, a);
BOOST_HANA_ADAPT_STRUCT(with_itself, a);
BOOST_HANA_ADAPT_STRUCT(scaled_up, a);
BOOST_HANA_ADAPT_STRUCT(by_input, a);
namespace {

static_assert(pm::forgets<recurrence<param::stable>> && pm::forgets<column> && !pm::contraction<column>);
static_assert(pm::forgets<recurrence<param::contracting<0.5>>>);
static_assert(!pm::forgets<recurrence<>> && !pm::forgets<recurrence<param::hurwitz>> && !pm::forgets<twice> &&
              !pm::forgets<squashed> && !pm::forgets<with_itself> && !pm::forgets<scaled_up> && !pm::forgets<by_input>);
static_assert(says<pm::claim::forgets, recurrence<>>("the eigenvalues of a may lie anywhere, for its set is real"));
static_assert(says<pm::claim::forgets, squashed>("no linear function of the state"));
static_assert(says<pm::claim::contraction, column>("its eigenvalues lie within the unit circle"));

double largest(slopes::numbers const& x) {
    double most = 0;
    for (double const e : x)
        if (std::abs(e) > most || e != e) most = std::abs(e);
    return most;
}
// The largest factor between the largest elements of two states that a search finds, with inputs up to a bound.
template <class Cell>
double found(double bound, int seeds) {
    slopes::generator r(11);
    std::uniform_real_distribution<double> unit(-1, 1);
    double most = 0;
    for (int seed = 0; seed < seeds; ++seed) {
        slopes::function_of<Cell> const f(r, seed % 2 ? 1 : 20);
        for (int start = 0; start < 20; ++start) {
            slopes::numbers x(7), d(4);
            double best = 0;
            for (int k = 0; k < 60; ++k) {
                slopes::numbers at = x, by = d;
                for (std::size_t i = 0; i < 7; ++i) {
                    double const size = i < 3 ? bound : 1;
                    at[i] = k == 0 ? size * unit(r) : std::clamp(x[i] + 0.3 * size * unit(r), -size, size);
                }
                for (double& e : by) e = k == 0 ? unit(r) : e + 0.3 * unit(r);
                slopes::numbers there = at;
                for (std::size_t i = 0; i < 4; ++i)
                    there[i + 3] = std::clamp(at[i + 3] + (start % 2 ? 1e-3 : 1) * by[i], -1.0, 1.0);
                slopes::numbers a = f(at), moved(4);
                slopes::numbers const b = f(there);
                for (std::size_t i = 0; i < 4; ++i) {
                    a[i] -= b[i];
                    moved[i] = there[i + 3] - at[i + 3];
                }
                double const factor = largest(a) / largest(moved);
                if (!(factor > best)) continue;
                best = factor;
                x = at;
                d = by;
            }
            if (best > most || best != best) most = best;
        }
    }
    return most;
}
template <class Cell>
constexpr double bound_of(double inputs) {
    return pm::detail::facts_of_gru<Cell>(inputs).apart;
}

TEST_CASE("contraction_within: no search finds states that come apart by more") {
    double const of_small = found<small>(1, 4), nearer = found<small>(0, 4), of_normed = found<normed>(1, 4);
    CHECK((of_small <= bound_of<small>(1) && of_small > 0.7 * bound_of<small>(1)));
    CHECK((nearer <= bound_of<small>(0) && bound_of<small>(0) < bound_of<small>(1)));
    CHECK((of_normed <= bound_of<normed>(1) && of_normed > 0.6 * bound_of<normed>(1)));
    // Where weights are large, states do come apart.
    using large = gru<tenth, param::interval<-8, 8>, tenth>;
    CHECK((found<large>(1, 4) > 1 && bound_of<large>(1) > 1));
}

TEST_CASE("forgets: two states of a stable recurrence meet, whatever the inputs are") {
    auto cell = pm::make<recurrence<param::stable>>(pm::seed{3});
    pm::random numbers{pm::seed{5}};
    pm::for_each_parameter(cell, [&](std::string const&, auto& x) {
        for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = numbers.uniform(-2, 2);
    });
    auto const frozen = pm::freeze(cell);
    xt::xtensor_fixed<double, xt::xshape<4>> a{1, -2, 3, 4}, b{-4, 3, 2, -1};
    double most = 0, last = 0;
    for (int t = 0; t < 20000; ++t) {
        xt::xtensor_fixed<double, xt::xshape<2>> const x{numbers.uniform(-1, 1), numbers.uniform(-1, 1)};
        a = frozen(x, a);
        b = frozen(x, b);
        last = 0;
        for (std::size_t i = 0; i < 4; ++i) last += (a(i) - b(i)) * (a(i) - b(i));
        if (last > most || last != last) most = last;
    }
    CHECK((last < 1e-16 && most > 1));
}

}  // namespace
