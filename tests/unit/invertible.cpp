// Which networks are one to one, by their types, and what is said of those that are not; what is undone only for some
// results, and the errors of others. Round trips and determinants: laws/inverses.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../catch.hpp"
#include "paramorph/invert.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;
namespace nn = pm::nn;
namespace param = pm::param;

namespace {

template <class... Stages>
using layer = nn::linear<3, 3, pm::element_type<double>, pm::weight<Stages...>>;
template <class... Layers>
using net = nn::sequential<Layers...>;
using turn = layer<param::orthogonal<>>;
template <int In, int Out>
using dense = nn::linear<In, Out, pm::element_type<double>>;

// --- what is one to one ----------------------------------------------------------------------------------------------

static_assert(pm::invertible<turn> && pm::invertible<layer<param::invertible>> &&
              pm::invertible<layer<param::special_linear>> && pm::invertible<layer<param::cov_matrix>> &&
              pm::invertible<layer<param::corr_matrix>> && pm::invertible<layer<param::cholesky_factor_cov>> &&
              pm::invertible<layer<param::cholesky_factor_corr>> && pm::invertible<layer<param::passive>> &&
              pm::invertible<layer<param::hurwitz>> && pm::invertible<layer<param::skew, param::cayley>>);
// Rows and columns of such a matrix in another order.
static_assert(pm::invertible<layer<param::orthogonal<>, param::permuted<0, 2, 0, 1>>> &&
              pm::invertible<layer<param::invertible, param::permuted<0, 2, 0, 1>, param::permuted<1, 1, 0, 2>>>);
static_assert(pm::invertible<net<turn, nn::tanh, turn, nn::sigmoid, turn, nn::softplus, net<turn, nn::elu<2>>,
                                 nn::leaky_relu<>, nn::identity, turn>>);
static_assert(pm::invertible<net<nn::coupling<3, 1, dense<1, 4>>, nn::coupling<3, -2, net<dense<2, 1>>>>>);
static_assert(pm::invertible<pm::called_with<net<nn::flatten<>, turn, nn::unflatten<1, 3, 1>>, pm::shape<2, 1, 3>>>);
static_assert(pm::invertible<nn::residual<layer<param::lipschitz<0.95>>, nn::silu>> == false &&
              pm::invertible<nn::residual<layer<param::lipschitz<0.9>>, nn::relu, layer<param::lipschitz<1>>>>);
// A set of one's own.
struct rotation_of_mine {
    using within = pm::set::list<pm::set::special_orthogonal>;
};
struct turned {
    using codomain = rotation_of_mine;
    static constexpr auto forward(auto x) { return param::cayley::forward(param::skew::forward(x)); }
};
static_assert(pm::invertible<layer<turned>>);

// --- what is not, and what is said
// -------------------------------------------------------------------------------------

template <class Net>
constexpr bool says(std::string_view text) {
    return !pm::invertible<Net> && pm::why_not<pm::claim::invertible, Net>.find(text) != std::string_view::npos;
}
static_assert(says<layer<>>("the weight of linear may be singular, for its set is real"));
static_assert(says<net<turn, net<turn, layer<param::lower_triangular>>>>(
    "the weight of 1.1 (linear) may be singular, for its set is lower_triangular"));
static_assert(says<layer<param::orthogonal<>, param::offset_multiplier<0, 2>>>("its set is real"));
static_assert(says<layer<param::orthogonal<>, param::permuted<0, 2, 0, 1>, param::symmetric>>("its set is symmetric"));
static_assert(says<net<turn, dense<3, 2>>>("1 (linear) takes 3 numbers and gives 2"));
static_assert(says<nn::linear<4, 3, pm::weight<param::orthogonal<>>>>("takes 4 numbers and gives 3"));
static_assert(says<net<turn, nn::relu>>("1 (relu) gives one number for many"));
static_assert(says<net<turn, nn::hardtanh<>>>("1 (hardtanh)") && says<net<turn, nn::relu6>>("1 (relu6)") &&
              says<net<turn, nn::hardsigmoid>>("1 (hardsigmoid)"));
static_assert(says<net<turn, nn::silu>>("1 (silu) falls and then rises") && says<net<turn, nn::gelu>>("1 (gelu)") &&
              says<net<turn, nn::mish>>("1 (mish)") && says<net<turn, nn::hardswish>>("1 (hardswish)"));
static_assert(says<net<turn, nn::leaky_relu<0>>>("its Slope must be greater than 0") &&
              says<net<turn, nn::leaky_relu<-1>>>("its Slope") && says<net<turn, nn::elu<0>>>("its Alpha"));
static_assert(says<net<turn, nn::softmax<>>>("1 (softmax) has no inverse that is known"));
static_assert(says<nn::residual<turn>>("Lipschitz bound below 1") && says<nn::residual<layer<>>>("none is known") &&
              says<nn::residual<layer<param::spectral_norm<>>, nn::tanh>>("none is known"));
static_assert(says<nn::gru_cell<2, 2>>("the network takes 2 inputs"));

// --- modules of one's own
// ----------------------------------------------------------------------------------------------

struct exponential {
    static constexpr auto forward(auto x) { return pm::exp(x); }
    static constexpr auto inverse(auto y) { return pm::log(y); }
    static constexpr auto log_abs_det(auto x) {
        if constexpr (pm::extents_of<decltype(x)>.rank == 1)
            return pm::sum(x);
        else
            return pm::sum<1>(x);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct scaled {
    pm::tensor<pm::shape<3>, pm::chain<>, double> weight;
    using input_shape = pm::shape<3>;
    constexpr auto forward(auto x) const { return x * weight; }
    constexpr auto inverse(auto y) const { return y / weight; }
    constexpr auto log_abs_det(auto) const { return pm::sum(pm::log(pm::abs(weight))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// One number for each row, whatever the shape.
struct scaled_by_two {
    static constexpr auto forward(auto x) { return 2 * x; }
    static constexpr auto inverse(auto y) { return 0.5 * y; }
    static constexpr auto log_abs_det(auto x) {
        return pm::sum(0 * x) + 0.69314718055994530942 * pm::extents_of<decltype(x)>.size() /
                                    (pm::extents_of<decltype(x)>.rank > 1 ? pm::extents_of<decltype(x)>.d[0] : 1);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// A stage that says more than it holds, as one may in its rounding.
struct of_any_rank {
    using codomain = pm::set::invertible;
    static constexpr auto forward(auto x) { return 1.0 * x; }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(scaled, weight);
namespace {

static_assert(pm::invertible<net<turn, exponential>>);
using positive_scale = pm::parametrize<scaled, pm::weight<param::positive>>;

using row = xt::xtensor_fixed<double, xt::xshape<3>>;
std::string error_of(auto const& f) {
    try {
        f();
    } catch (pm::error const& e) {
        return e.what();
    }
    return "";
}
template <class Net>
std::string refusal(row const& y) {
    auto const f = pm::make<Net>(pm::seed{1});
    return error_of([&] { pm::inverse(f)(y); });
}

TEST_CASE("inverse: of modules that state it, and with parametrized tensors") {
    using model = net<turn, positive_scale, exponential>;
    static_assert(pm::proved<pm::claim::invertible, model>);
    auto f = pm::make<model>(pm::seed{3});
    row const x{0.25, -1.5, 0.75}, y = f(x), back = pm::inverse(f)(y), w = pm::get<"1.weight">(f)(),
                                   u = pm::get<0>(f)(x);
    CHECK(xt::allclose(back, x, 1e-12, 1e-13));
    double expected = 0;
    for (std::size_t i = 0; i < 3; ++i) expected += std::log(w(i)) + w(i) * u(i);
    CHECK(std::abs(pm::log_abs_det(f, x) - expected) < 1e-12);
}

TEST_CASE("inverse: a number that a layer does not give is named") {
    constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(refusal<net<turn, nn::tanh>>({0, 0.5, 1}) ==
          "inverse: 1 (tanh) gives no such number: element [2] of its result is 1, and must be between -1 and 1, "
          "without the ends");
    CHECK(refusal<net<turn, nn::tanh>>({0, -1, 0}).find("element [1] of its result is -1,") != std::string::npos);
    CHECK(refusal<nn::tanh>({nan, 0, 0}).find("tanh gives no such number: element [0] of its result is NaN") !=
          std::string::npos);
    CHECK(refusal<nn::sigmoid>({0.5, 0.5, 0}).find("is 0, and must be between 0 and 1") != std::string::npos);
    CHECK(refusal<nn::sigmoid>({1, 0.5, 0.5}).find("is 1, and must be between 0 and 1") != std::string::npos);
    CHECK(refusal<nn::softplus>({1, 0, 1}).find("is 0, and must be greater than 0") != std::string::npos);
    CHECK(refusal<nn::elu<2>>({1, -2, 1}).find("is -2, and must be greater than -2") != std::string::npos);
    CHECK(refusal<turn>({1, inf, 1}).find("is infinity, and must be finite") != std::string::npos);
    CHECK(refusal<nn::softplus>({1, inf, 1}).find("is infinity") != std::string::npos);
    // Behind another layer, whose inverse leaves the range.
    CHECK(refusal<net<nn::sigmoid, turn>>({5, 5, 5}).find("0 (sigmoid) gives no such number") != std::string::npos);
    // What is within stays as it is.
    CHECK(refusal<net<turn, nn::tanh, turn>>({0.1, 0.2, 0.3}) == "");
    CHECK(refusal<nn::tanh>({0x1.fffffffffffffp-1, -0.0, 5e-324}) == "");
}

TEST_CASE("inverse: shapes that change on the way") {
    using model =
        net<turn, nn::unflatten<0, 3, 1>, nn::linear<1, 1, pm::element_type<double>, pm::weight<param::orthogonal<>>>,
            nn::unflatten<0, 1, 3>, scaled_by_two>;
    static_assert(pm::invertible<model>);
    auto const f = pm::make<model>(pm::seed{4});
    row const x{0.5, -1, 2};
    auto const y = f(x);
    row const back = pm::inverse(f)(y);
    CHECK((xt::allclose(back, x, 1e-13, 1e-13) && y.dimension() == 3));
    CHECK(std::abs(pm::log_abs_det(f, x) - 3 * std::log(2)) < 1e-14);
    // Rows of a run-time batch, with the value.
    xt::xtensor<double, 2> const xs{{0.5, -1, 2}, {1, 2, 3}};
    auto const g = pm::make<net<turn, scaled_by_two>>(pm::seed{4});
    auto const [values, logarithms] = pm::value_and_log_abs_det(g, xs);
    CHECK((xt::allclose(values, g(xs)) && xt::allclose(logarithms, 3 * std::log(2)) && logarithms.size() == 2));
    // Blocks of rows, and a rest: filled up to a block, and one by one.
    for (std::size_t const rows : {std::size_t(55), std::size_t(35)}) {
        auto many = xt::xtensor<double, 2>::from_shape({rows, 3});
        for (std::size_t i = 0; i < many.size(); ++i) many.data()[i] = double(i) / 16;
        CHECK(xt::allclose(pm::inverse(g)(g(many)), many, 1e-13, 1e-13));
        auto const all = pm::log_abs_det(g, many);
        CHECK((all.size() == rows && xt::allclose(all, 3 * std::log(2))));
    }
    // Named, where a network does not state what it takes.
    using flat = net<nn::flatten<>, nn::tanh>;
    xt::xtensor_fixed<double, xt::xshape<2, 2, 2>> images;
    images.fill(0.25);
    flat const h;
    CHECK(xt::allclose(pm::inverse<pm::shape<2, 2>>(h)(h(images)), images));
}

TEST_CASE("inverse: ends of the numbers, zeros and their signs") {
    auto const undo = [](auto const& f, double y) { return pm::inverse(f)(row{y, y, y})(0); };
    CHECK((undo(nn::tanh{}, 5e-324) == 5e-324 && undo(nn::tanh{}, 1e-300) == 1e-300));
    CHECK((undo(nn::tanh{}, -0.0) == 0 && std::signbit(undo(nn::tanh{}, -0.0))));
    CHECK(std::abs(undo(nn::sigmoid{}, 1e-300) - std::log(1e-300)) < 1e-12);
    CHECK(undo(nn::softplus{}, 1e300) == 1e300);
    CHECK(std::abs(undo(nn::softplus{}, 1e-300) - std::log(1e-300)) < 1e-12);
    CHECK((undo(nn::elu<>{}, -1e-300) == -1e-300 && undo(nn::elu<>{}, 3) == 3));
    CHECK((undo(nn::leaky_relu<0.5>{}, -3) == -6 && undo(nn::leaky_relu<0.5>{}, 3) == 3));
    // Logarithms of slopes where the value has rounded to its limit.
    auto const slope = [](auto const& f, double x) {
        return pm::log_abs_det(f, row{x, 0, 0}) - pm::log_abs_det(f, row{0, 0, 0});
    };
    CHECK(std::abs(slope(nn::tanh{}, 39.7456) - 2 * -39.0525) < 1e-3);  // 2 log sech
    CHECK(std::abs(slope(nn::tanh{}, 400) - 2 * (std::log(2) - 400)) < 1e-10);
    CHECK(std::abs(slope(nn::sigmoid{}, 100) - (2 * std::log(2) - 100)) < 1e-12);
    CHECK(std::abs(slope(nn::softplus{}, -100) - (std::log(2) - 100)) < 1e-12);
    CHECK(std::abs(slope(nn::elu<>{}, -500) + 500) < 1e-12);
}

TEST_CASE("inverse: a weight that is singular as it is rounded, and batches of another shape") {
    auto f = pm::make<layer<of_any_rank>>(pm::seed{0});
    f.weight.original().fill(1);
    CHECK(error_of([&] { pm::inverse(f)(row{1, 2, 3}); }) == "solve: the matrix is singular or not finite");
    CHECK(error_of([&] { pm::log_abs_det(f, row{1, 2, 3}); }) != "");
    auto const g = pm::make<turn>(pm::seed{0});
    auto const narrow = xt::xtensor<double, 2>::from_shape({5, 2});
    CHECK(error_of([&] { pm::inverse(g)(narrow); }) == "inverse: expected a row-major array [batch, 3], found [5, 2]");
    CHECK(error_of([&] { pm::log_abs_det(g, narrow); }) ==
          "log_abs_det: expected a row-major array [batch, 3], found [5, 2]");
    auto given = xt::xtensor<double, 2>::from_shape({5, 3});
    auto const taken = std::move(given);
    CHECK(error_of([&] { pm::inverse(g)(given); }) ==
          "an array that is given has no elements, as it was moved from: give the array that has them now");
    auto const none = xt::xtensor<double, 2>::from_shape({0, 3});
    CHECK((pm::inverse(g)(none).shape()[0] == 0 && pm::log_abs_det(g, none).size() == 0));
}

TEST_CASE("inverse: traced, and its gradient is that of the inverse function") {
    using model = net<turn, nn::tanh>;
    auto const f = pm::make<model>(pm::seed{2});
    row const x{0.3, -0.2, 0.1}, y = f(x);
    auto const undone = pm::function([](auto& n, auto z) { return pm::inverse(n)(z); }, f);
    CHECK(xt::allclose(undone(y), x, 1e-13, 1e-13));
    auto const slope = pm::value_and_grad([](auto z) {
        constexpr nn::tanh squash;
        return pm::sum(pm::inverse(squash)(z));
    });
    row const gradient = slope(y).gradient;
    double worst = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        double const d = std::abs(gradient(i) - 1 / (1 - y(i) * y(i)));
        if (d > worst || d != d) worst = d;
    }
    CHECK(worst < 1e-13);
}

}  // namespace
