// Layers beyond linear: names and numbers of tensors, initial values, parametrizations by name, what PyTorch does not
// compute (infinities), and known values of recurrent cells and normalizations.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/attention.hpp"
#include "paramorph/nn/dropout.hpp"
#include "paramorph/nn/embedding.hpp"
#include "paramorph/nn/film.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/recurrent.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/weight_norm.hpp"

namespace {

using pm::nn::gru, pm::nn::linear, pm::nn::lstm, pm::nn::parallel, pm::nn::residual;
using test::array;

std::vector<std::string> names(auto const& m) {
    std::vector<std::string> all;
    pm::for_each_named_tensor(m, [&](std::string const& name, auto const&) { all.push_back(name); });
    return all;
}

// The value of a layer without tensors.
template <class Layer>
constexpr auto forward = [](auto x) { return Layer::forward(x); };

constexpr double inf = std::numeric_limits<double>::infinity();

struct derived_activation : pm::nn::relu {};

// Does a module that says that it keeps shapes keep them, and does a network that begins with it take the shape of the
// layer behind it?
template <class M>
constexpr bool keeps_shape() {
    constexpr auto same = []<class S>(S) {
        using given = pm::symbol<S, float>;
        using made = decltype(std::declval<pm::nn::sequential<M> const&>()(given{}));
        return pm::extents_of<made> == S::value;
    };
    using net = pm::nn::sequential<M, linear<4, 3>>;
    return M::keeps_shape && same(pm::shape<4>{}) && same(pm::shape<2, 6>{}) && same(pm::shape<2, 3, 4>{}) &&
           std::is_same_v<typename net::input_shape, pm::shape<4>>;
}
template <class... M>
constexpr bool keep_shape = (keeps_shape<M>() && ...);
template <class... M>
constexpr bool states_nothing = !pm::detail::states_rows<pm::nn::sequential<M..., linear<4, 3>>>;

struct halved {  // says nothing of shapes
    static constexpr auto forward(auto x) { return x * 0.5; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct halved_in_place : halved {
    static constexpr bool keeps_shape = true;
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

template <class Layer>
test::numbers value_and_slope(double x) {
    auto const g =
        std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, pm::shape<1>>(forward<Layer>)));
    auto const r = test::interpret(*g, {{x}, {1}}).outputs;
    return {r[0][0], r[1][0]};
}

// A struct around a network states the shape that the network itself does not.
struct narrowed {
    using input_shape = pm::shape<1, 2, 2>;
    BOOST_HANA_DEFINE_STRUCT(narrowed, (pm::nn::sequential<pm::nn::flatten<>, linear<4, 3>>, layers));
    constexpr auto forward(auto x) const { return layers(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace

TEST_CASE("layers: the tensors have PyTorch's names and shapes") {
    lstm<3, 2> net;
    CHECK((names(net) == std::vector<std::string>{"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}));
    static_assert(pm::parameter_count<lstm<3, 2>> == 8 * 3 + 8 * 2 + 8 + 8);
    using stack = lstm<3, 4, pm::num_layers<2>, pm::bidirectional, pm::proj_size<2>>;
    auto const all = names(stack{});
    CHECK(all.size() == 20);
    CHECK(
        (std::vector<std::string>(all.begin() + 4, all.begin() + 11) ==
         std::vector<std::string>{"weight_hr_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse",
                                  "bias_hh_l0_reverse", "weight_hr_l0_reverse", "weight_ih_l1"}));
    static_assert(pm::parameter_count<stack> ==
                  2 * (16 * 3 + 16 * 2 + 32 + 2 * 4) + 2 * (16 * 4 + 16 * 2 + 32 + 2 * 4));
    CHECK(stack{}.weight_ih_l1_reverse.empty());
    // Any number of layers; what is not there has no name.
    gru<2, 3, pm::num_layers<11>, pm::no_bias> deep;
    CHECK(names(deep).back() == "weight_hh_l10");
    CHECK(pm::get<"weight_ih_l10">(deep).empty());
    CHECK(names(deep).size() == 22);
    pm::nn::gru_cell<3, 2, pm::no_bias> cell;
    CHECK((names(cell) == std::vector<std::string>{"weight_ih", "weight_hh"}));
    pm::nn::layer_norm<pm::shape<3>> norm;
    CHECK((names(norm) == std::vector<std::string>{"weight", "bias"}));
    pm::nn::group_norm<2, 4, pm::no_affine> plain;
    CHECK(names(plain).empty());
    residual<linear<3, 3>, parallel<-1, linear<3, 1>, linear<3, 2>>> block;
    CHECK((names(block) ==
           std::vector<std::string>{"0.weight", "0.bias", "1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"}));
}

TEST_CASE("layers: initial values are uniform within 1 / sqrt(hidden), ones and zeros, a quarter") {
    auto const net = pm::make<gru<3, 25>>(pm::seed{3});
    double largest = 0, squares = 0;
    for (float w : net.weight_hh_l0()) {
        largest = std::max(largest, std::abs(double(w)));
        squares += double(w) * w;
    }
    CHECK((largest <= 0.2 && largest > 0.19));
    CHECK(std::abs(squares / (75 * 25) * 3 / 0.04 - 1) < 0.1);  // the variance of that distribution
    for (float b : net.bias_hh_l0()) CHECK((std::abs(b) <= 0.2f && b != 0));
    for (float w : net.weight_ih_l0()) CHECK(std::abs(w) <= 0.2f);
    auto const norm = pm::make<pm::nn::layer_norm<pm::shape<3>>>(pm::seed{0});
    CHECK((norm.weight() == array<3>{1, 1, 1}));
    CHECK((norm.bias() == array<3>{0, 0, 0}));
    CHECK((pm::make<pm::nn::prelu<2>>(pm::seed{0}).weight() == array<2>{0.25f, 0.25f}));
}

TEST_CASE("layers: each begins from a seed, as pm::make does") {
    auto const check = []<class... Layer>(std::tuple<Layer...> const&) {
        auto const numbers = [](auto const& net) {
            std::vector<float> all;
            pm::for_each_tensor(net, [&](auto const& t) {
                auto const w = t();
                all.insert(all.end(), w.begin(), w.end());
            });
            return all;
        };
        auto const one = [&]<class L>(std::type_identity<L>) {
            L const net{pm::seed{3}};
            CHECK(numbers(net) == numbers(pm::make<L>(pm::seed{3})));
            pm::for_each_tensor(net, [](auto const& t) { CHECK_FALSE(t.empty()); });
        };
        (one(std::type_identity<Layer>{}), ...);
    };
    check(std::tuple<pm::nn::rnn<2, 3>, gru<2, 3>, lstm<2, 3>, pm::nn::rnn_cell<2, 3>, pm::nn::gru_cell<2, 3>,
                     pm::nn::lstm_cell<2, 3>, linear<2, 3>, pm::nn::prelu<3>, pm::nn::layer_norm<pm::shape<3>>,
                     pm::nn::rms_norm<pm::shape<3>>, pm::nn::group_norm<1, 3>, pm::nn::group_norm<1, 3, pm::no_affine>,
                     pm::nn::multihead_attention<4, 2>, pm::nn::embedding<3, 2>, pm::nn::film<3, 2>,
                     pm::parametrize<gru<2, 3>, pm::at<"weight_hh_l0", pm::param::weight_norm<>>>>{});
}

TEST_CASE("layers: any weight is parametrized by its name") {
    auto const plain = pm::make<gru<2, 3>>(pm::seed{1});
    auto const net = pm::register_parametrization<pm::at<"weight_hh_l0", pm::param::orthogonal<>>>(plain);
    auto const w = pm::get<"weight_hh_l0">(net)();  // [9, 3]
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            float dot = 0;
            for (std::size_t k = 0; k < 9; ++k) dot += w(k, i) * w(k, j);
            CHECK(std::abs(dot - (i == j ? 1 : 0)) < 1e-5f);
        }
    CHECK((pm::get<"weight_ih_l0">(net)() == plain.weight_ih_l0()));
    static_assert(std::is_same_v<pm::unparametrized<std::remove_const_t<decltype(net)>>, gru<2, 3>>);

    // One gate alone: its rows are orthogonal, the others stay, in the value and in what follows when it is trained.
    auto const gate =
        pm::register_parametrization<pm::at<"weight_hh_l0", pm::rows<3, 6>, pm::param::orthogonal<>>>(plain);
    auto const v = pm::get<"weight_hh_l0">(gate)();
    for (std::size_t i = 0; i < 9; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            float dot = 0;
            for (std::size_t k = 0; k < 3; ++k) dot += v(3 + i % 3, k) * v(3 + j, k);
            if (i / 3 == 1)
                CHECK(std::abs(dot - (i - 3 == j ? 1 : 0)) < 1e-5f);
            else
                CHECK(v(i, j) == plain.weight_hh_l0()(i, j));
        }

    // A layer inside of containers keeps its value, and the containers their types.
    using block = residual<linear<3, 3>, parallel<-1, linear<3, 1>, linear<3, 2>>>;
    auto const before = pm::make<block>(pm::seed{2});
    auto const after = pm::register_parametrization<pm::at<"1.1.weight", pm::param::weight_norm<>>>(before);
    using normed = linear<3, 2, pm::weight<pm::param::weight_norm<>>>;
    static_assert(std::is_same_v<std::remove_const_t<decltype(after)>,
                                 residual<linear<3, 3>, parallel<-1, linear<3, 1>, normed>>>);
    static_assert(std::is_same_v<pm::unparametrized<std::remove_const_t<decltype(after)>>, block>);
    CHECK(test::close(pm::get<"1.1.weight">(after)(), pm::get<"1.1.weight">(before)()));
}

TEST_CASE("layers: activations at infinity, and on their kinks") {
    namespace nn = pm::nn;
    CHECK((value_and_slope<nn::hardswish>(-inf) == test::numbers{0, 0}));
    CHECK((value_and_slope<nn::hardswish>(inf) == test::numbers{inf, 1}));
    CHECK((value_and_slope<nn::hardswish>(3) == test::numbers{3, 1.5}));
    CHECK((value_and_slope<nn::mish>(-inf) == test::numbers{0, 0}));
    for (double x : {-inf, -1e300, -1e30}) CHECK((value_and_slope<nn::gelu_tanh>(x) == test::numbers{0, 0}));
    for (double x : {inf, 1e300, 1e30}) CHECK((value_and_slope<nn::gelu_tanh>(x) == test::numbers{x, 1}));
    CHECK((value_and_slope<nn::mish>(inf) == test::numbers{inf, 1}));
    CHECK((value_and_slope<nn::hardtanh<>>(inf) == test::numbers{1, 0}));
    CHECK((value_and_slope<nn::hardtanh<>>(-1) == test::numbers{-1, 0}));
    CHECK((value_and_slope<nn::relu6>(6) == test::numbers{6, 0}));
    CHECK((value_and_slope<nn::leaky_relu<0.5>>(0) == test::numbers{0, 0.5}));
    CHECK((value_and_slope<nn::leaky_relu<0.5>>(-inf) == test::numbers{-inf, 0.5}));
    CHECK((value_and_slope<nn::leaky_relu<0>>(-inf) == test::numbers{0, 0}));
    CHECK((value_and_slope<nn::hardsigmoid>(-inf) == test::numbers{0, 0}));
    for (double y : {value_and_slope<nn::hardswish>(NAN)[0], value_and_slope<nn::mish>(NAN)[0],
                     value_and_slope<nn::hardtanh<>>(NAN)[0], value_and_slope<nn::hardsigmoid>(NAN)[0],
                     value_and_slope<nn::leaky_relu<>>(NAN)[0], value_and_slope<nn::gelu_tanh>(NAN)[0]})
        CHECK(std::isnan(y));
    // Where the slope itself is a number, a cotangent that is NaN, as that of such a value is, passes.
    for (double slope :
         {value_and_slope<nn::mish>(NAN)[1], value_and_slope<nn::gelu_tanh>(NAN)[1],
          value_and_slope<nn::hardswish>(NAN)[1], value_and_slope<nn::gelu>(NAN)[1], value_and_slope<nn::silu>(NAN)[1],
          value_and_slope<nn::elu<>>(NAN)[1], value_and_slope<nn::tanh>(NAN)[1], value_and_slope<nn::sigmoid>(NAN)[1],
          value_and_slope<nn::softplus>(NAN)[1]})
        CHECK(std::isnan(slope));
    for (double slope : {value_and_slope<nn::relu>(NAN)[1], value_and_slope<nn::leaky_relu<0>>(NAN)[1],
                         value_and_slope<nn::leaky_relu<1>>(NAN)[1], value_and_slope<nn::hardtanh<>>(NAN)[1],
                         6 * value_and_slope<nn::hardsigmoid>(NAN)[1]})
        CHECK(slope == 1);
}

TEST_CASE("layers: gelu by tanh has PyTorch's values and gradients, and its left tail") {
    // PyTorch loses half of the digits of the first.
    double const right[][3]{{-6, -8.4396467007622971e-11, -7.7099739309536955e-10},
                            {-3, -0.0036373920817730188, -0.011584166630969726},
                            {-1, -0.1588080093917233, -0.082964083845782555},
                            {0, 0.0, 0.5},
                            {0.5, 0.34571400982514392, 0.86736990353464231},
                            {2, 1.954597694087775, 1.0860992566236184},
                            {8, 8.0, 1.0}};
    for (auto const& [x, value, slope] : right) {
        auto const y = value_and_slope<pm::nn::gelu_tanh>(x);
        CHECK(std::abs(y[0] - value) <= 1e-14 * std::abs(value));  // 25 roundings of the exponent of the first
        CHECK(std::abs(y[1] - slope) <= 1e-14 * std::abs(slope));
    }
}

TEST_CASE("layers: a row of equal numbers is normalized to zeros, however large they are") {
    constexpr auto normalized = [](auto x) { return pm::nn::layer_norm<pm::shape<5>, pm::no_affine>{}.forward(x); };
    for (double x : {0.1, 1e4, 1e20, -3e300, 0.0, 5e-324})
        CHECK((test::interpret<pm::shape<5>>(normalized, {test::numbers(5, x)}).outputs[0] == test::numbers(5, 0)));
    // The number is added under the root.
    constexpr auto of_two = [](auto x) { return pm::nn::layer_norm<pm::shape<2>, pm::no_affine>{}.forward(x); };
    auto const y = test::interpret<pm::shape<2>>(of_two, {{0, 0.002}}).outputs[0];
    CHECK(std::abs(y[1] - 0.30151134) < 1e-8);
    // Groups reduce over their channels and all axes after them.
    constexpr auto grouped = [](auto x) {
        return pm::nn::group_norm<2, 4, pm::no_affine, pm::epsilon<0>>{}.forward(x);
    };
    CHECK((test::interpret<pm::shape<1, 4>>(grouped, {{1, 3, 10, 30}}).outputs[0] == test::numbers{-1, 1, -1, 1}));
}

TEST_CASE("layers: a module without members that has a base leaves its neighbours alone") {
    auto net = pm::make<pm::nn::sequential<linear<2, 2>, derived_activation, linear<2, 2>>>(pm::seed{0});
    pm::for_each_tensor(net, [](auto const& t) { CHECK(t.requires_gradient()); });
    pm::nn::sequential<derived_activation, linear<2, 2>> const empty;
    CHECK(pm::get<1>(empty).bias.requires_gradient());
}

TEST_CASE("layers: a sequential takes rows of the shape that a layer behind modules that keep shapes states") {
    using namespace pm::nn;
    static_assert(keep_shape<pm::nn::tanh, relu, sigmoid, softplus, gelu, gelu_tanh, silu, elu<>, leaky_relu<>,
                             hardtanh<>, relu6, hardsigmoid, hardswish, mish, identity, softmax<>, log_softmax<>>);
    static_assert(
        keep_shape<dropout<>, prelu<>, group_sort<>, sequential<relu, dropout<>>, derived_activation, halved_in_place>);
    static_assert(states_nothing<flatten<>> && states_nothing<glu<>> && states_nothing<max_pool1d<2>> &&
                  states_nothing<adaptive_avg_pool2d<1>> && states_nothing<unflatten<0, 2, 2>> &&
                  states_nothing<halved> && states_nothing<relu, flatten<>, relu> &&
                  states_nothing<sequential<flatten<>>>);
    xt::xtensor<float, 2> const x = xt::ones<float>({5, 4});
    auto const net = pm::make<sequential<halved_in_place, dropout<>, linear<4, 3>>>(pm::seed{0});
    CHECK(net(x)(4, 2) == net(array<1, 4>{{1, 1, 1, 1}})(0, 2));
    auto const images = pm::make<narrowed>(pm::seed{0});
    CHECK(images(xt::xtensor<float, 4>(xt::ones<float>({5, 1, 2, 2})))(4, 2) ==
          pm::get<1>(images.layers)(array<1, 4>{{1, 1, 1, 1}})(0, 2));
}

TEST_CASE("layers: the bias of a GRU's new gate is inside of the reset gate") {
    auto net = pm::make<gru<1, 1>>(pm::seed{0});
    net.weight_ih_l0 = net.weight_hh_l0 = array<3, 1>{{1}, {1}, {1}};
    net.bias_ih_l0 = net.bias_hh_l0 = array<3>{1, 1, 1};
    auto const [ys, h] = net(array<2, 1>{{0}, {0}});
    CHECK(std::abs(ys(0, 0) - 0.11379f) < 1e-5f);
    CHECK(std::abs(ys(1, 0) - 0.20536f) < 1e-5f);
    CHECK(h(0, 0) == ys(1, 0));
}

TEST_CASE("layers: rows of any scale are normalized, value and gradient") {
    constexpr int rows = 9, width = 6;
    using matrix = pm::shape<rows, width>;
    constexpr auto f = [](auto x, auto y) {
        return std::tuple{pm::nn::layer_norm<pm::shape<width>, pm::no_affine>{}.forward(x),
                          pm::nn::rms_norm<pm::shape<width>, pm::no_affine, pm::epsilon<0>>{}.forward(y)};
    };
    using P = test::program_of<decltype(f), float, matrix, matrix>;
    for (double const scale : {0.0, 1e-36, 1e-30, 1e-20, 1e-12, 1.0, 1e12, 1e20, 1e30, 1e36})
        for (std::size_t const every : {1, 4}) {
            test::arrays a = test::arguments_for(test::simplified<P>(), -1, 1);
            for (std::size_t i = 0; i < rows * width; ++i)
                for (std::size_t k : {0, 1})
                    if (i / width % every == 0) a[k][i] *= scale;
            auto const r = test::three_ways<P>(a);  // the interpreter's numbers are double, whose squares fit
            for (std::size_t way : {1, 2})
                for (std::size_t k = 0; k < 4; ++k)
                    for (std::size_t i = 0; i < rows; ++i) {
                        UNSCOPED_INFO("scale " << scale << ", output " << k << ", row " << i);
                        double largest = 0, off = 0;
                        for (std::size_t j = i * width; j < (i + 1) * width; ++j) {
                            largest = std::max(largest, std::abs(r[0].outputs[k][j]));
                            if (auto const d = std::abs(r[way].outputs[k][j] - r[0].outputs[k][j]); d > off || d != d)
                                off = d;
                        }
                        CHECK(std::isfinite(largest));
                        CHECK(off <= 4e-6 * largest);
                    }
        }
    // The root of a sum of squares that does not fit, of numbers that do.
    auto const rms = pm::make<pm::nn::rms_norm<pm::shape<4>>>(pm::seed{0});
    for (float const x : {1e37f, 2e38f, std::numeric_limits<float>::max()})
        for (float const y : rms(array<2, 4>{{x, -x, x, x}, {-x, x, -x, -x}})) CHECK(std::abs(std::abs(y) - 1) < 1e-6f);
    // Of rows of all scales, the result of the second is the same, the gradient the scale's reciprocal times that.
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, matrix, matrix>(f)));
    test::arrays a = test::arguments_for(*g, -1, 1);
    auto const at_one = test::interpret(*g, a);
    for (double const scale : {1e-300, 1e-200, 1e200, 1e300}) {
        test::arrays b = a;
        for (double& x : b[1]) x *= scale;
        auto r = test::interpret(*g, b);
        for (double& x : r.outputs[3]) x *= scale;
        CHECK(test::close(r.outputs[1], at_one.outputs[1], 1e-14));
        CHECK(test::close(r.outputs[3], at_one.outputs[3], 1e-13));
    }
    // What is not finite is NaN, in the row where it is.
    a[0][7] = inf, a[1][13] = NAN;
    auto const r = test::interpret(*g, a);
    for (std::size_t k : {0, 1})
        for (std::size_t j = 0; j < rows * width; ++j)
            CHECK(std::isnan(r.outputs[k][j]) == (j / width == (k == 0 ? 1 : 2)));
}

TEST_CASE("layers: attention to what is not seen is zero, and where nothing is, so is the gradient") {
    constexpr auto f = [](auto scores, auto mask) { return pm::detail::attention_weights<true>(scores + mask); };
    using matrix = pm::shape<3, 3>;
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, matrix, matrix>(f)));
    test::numbers const scores{5, NAN, inf, 2, 2, NAN, 1e300, -1e300, 7}, mask{-inf, 0, 0, 0, 0, 0, -inf, -inf, 0};
    auto const r = test::interpret(*g, {scores, mask, {1, 2, 3, 4, 6, 8, 9, 10, 11}}).outputs;
    CHECK((r[0] == test::numbers{0, 0, 0, 0.5, 0.5, 0, 0, 0, 1}));
    for (std::size_t k : {1, 2}) CHECK(test::close(r[k], {0, 0, 0, -0.5, 0.5, 0, 0, 0, 0}, 1e-15));
    // A value that is not seen must be finite.
    constexpr auto product = [](auto scores, auto v) {
        return pm::matmul(pm::detail::attention_weights<true>(scores), v);
    };
    auto const seen = test::interpret<pm::shape<2, 2>, pm::shape<2, 1>>(product, {{1, 2, 3, 3}, {1, 1e300}}).outputs[0];
    CHECK((seen == test::numbers{1, 5e299}));
    auto const all = test::interpret<pm::shape<2, 2>, pm::shape<2, 1>>(product, {{1, 2, 3, 3}, {1, inf}}).outputs[0];
    CHECK((std::isnan(all[0]) && all[1] == inf));
    // A mask with extents of 1: whole rows are not seen, or one place by none.
    constexpr auto by_rows = [](auto x, auto y) { return pm::detail::attention_weights<false>(x + y); };
    using square = pm::shape<1, 2, 2, 2>;
    auto const of_rows =
        test::interpret<square, pm::shape<1, 1, 2, 1>>(by_rows, {{1, 1, 1, 1, 2, 2, 2, 2}, {0, -inf}}).outputs[0];
    CHECK((of_rows == test::numbers{0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0}));
    auto const of_places =
        test::interpret<square, pm::shape<1, 1, 1, 2>>(by_rows, {{1, 1, 1, 1, 2, 2, 2, 2}, {-inf, 0}}).outputs[0];
    CHECK((of_places == test::numbers{0, 1, 0, 1, 0, 1, 0, 1}));
    // Scores of any size, of which none overflows.
    constexpr auto plain = [](auto x) { return pm::detail::attention_weights<false>(x); };
    CHECK((test::interpret<pm::shape<2, 2>>(plain, {{1e300, 1e300, -1e300, 1e300}}).outputs[0] ==
           test::numbers{0.5, 0.5, 0, 1}));
}

TEST_CASE("layers: an embedding takes rows, adds up their gradients, and refuses what is no row") {
    using layer = pm::nn::embedding<5, 3, pm::padding_idx<-1>>;
    using indices = xt::xtensor_fixed<std::int32_t, xt::xshape<2, 2>>;
    auto net = pm::make<layer>(pm::seed{0});
    CHECK((names(net) == std::vector<std::string>{"weight"}));
    for (std::size_t k = 0; k < 3; ++k) CHECK((net.weight()(4, k) == 0 && net.weight()(3, k) != 0));
    double squares = 0;
    auto const drawn = pm::make<pm::nn::embedding<50, 40>>(pm::seed{1});
    for (float w : drawn.weight()) squares += double(w) * w / 2000;
    CHECK(std::abs(squares - 1) < 0.1);

    net.weight = array<5, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}, {13, 14, 15}};
    auto const y = net(indices{{3, 4}, {3, 0}});
    CHECK((y == array<2, 2, 3>{{{10, 11, 12}, {13, 14, 15}}, {{10, 11, 12}, {1, 2, 3}}}));  // padding is a row, too
    auto step = pm::value_and_grad([](auto& n, auto i) { return pm::sum(n(i) * n(i)); }, net);
    CHECK((step(indices{{3, 4}, {3, 0}}).gradient.at<"weight">() ==
           array<5, 3>{{2, 4, 6}, {0, 0, 0}, {0, 0, 0}, {40, 44, 48}, {0, 0, 0}}));
    for (std::int32_t const bad : {5, -1, std::numeric_limits<std::int32_t>::max(), -2147483647 - 1}) {
        CHECK_THROWS_WITH(net(indices{{0, 1}, {2, bad}}),
                          Catch::Matchers::ContainsSubstring("embedding: an index lies outside [0, 5)"));
        CHECK_THROWS_WITH(step(indices{{bad, 1}, {2, 3}}), Catch::Matchers::ContainsSubstring("outside [0, 5)"));
    }
    using four = test::labels<pm::shape<2, 2>>;
    auto const taken = [](auto w, auto i) { return pm::take(w * w, i); };
    CHECK_FALSE(test::interpret<pm::shape<3, 2>, four>(taken, {{1, 2, 3, 4, 5, 6}, {0, 3, 0, 0}}).status.ok());
    test::expect_gradient<pm::shape<3, 2>, four>(taken);
}

TEST_CASE("layers: sequences whose first axis is the batch; identity") {
    auto const net = pm::make<lstm<2, 3, pm::bidirectional, pm::batch_first>>(pm::seed{3});
    auto const by_time = pm::make<lstm<2, 3, pm::bidirectional>>(pm::seed{3});
    array<2, 4, 2> x;
    array<4, 2, 2> swapped;
    for (std::size_t b = 0; b < 2; ++b)
        for (std::size_t t = 0; t < 4; ++t)
            for (std::size_t k = 0; k < 2; ++k) swapped(t, b, k) = x(b, t, k) = float(b + 2 * t) * 0.1f - float(k);
    auto const [ys, h, c] = net(x);
    auto const [zs, g, d] = by_time(swapped);
    static_assert(std::is_same_v<std::remove_const_t<decltype(ys)>, array<2, 4, 6>>);
    CHECK((h == g && c == d));
    for (std::size_t b = 0; b < 2; ++b)
        for (std::size_t t = 0; t < 4; ++t)
            for (std::size_t k = 0; k < 6; ++k) CHECK(ys(b, t, k) == zs(t, b, k));
    array<4, 2> one;  // without a batch
    for (std::size_t i = 0; i < one.size(); ++i) one.data()[i] = float(i) * 0.1f;
    CHECK((std::get<0>(net(one)) == std::get<0>(by_time(one))));
    auto const [more, last] = pm::make<gru<2, 3, pm::batch_first>>(pm::seed{3})(x);
    static_assert(std::is_same_v<std::remove_const_t<decltype(more)>, array<2, 4, 3>>);
    for (std::size_t b = 0; b < 2; ++b) CHECK(more(b, 3, 1) == last(0, b, 1));

    pm::nn::sequential<pm::nn::identity, linear<2, 2>> same{pm::seed{1}};
    CHECK((same(array<2>{1, 2}) == pm::get<1>(same)(array<2>{1, 2})));
    CHECK((pm::nn::identity{}(array<2>{1, 2}) == array<2>{1, 2}));
}
// g++ at -O1 left out a kernel that it took for a function without effects.
template <class Layer>
void expect_ends_of_both_directions() {
    Layer const net{pm::seed{0}};
    xt::xtensor_fixed<float, xt::xshape<4, 2, 3>> x;  // [batch, time, In]
    for (std::size_t k = 0; k < x.size(); ++k) x.data()[k] = 0.1f * static_cast<float>(k);
    auto const [y, h] = net(x);
    for (std::size_t b = 0; b < 4; ++b)
        for (std::size_t j = 0; j < 4; ++j) {
            CHECK(y(b, 1, j) == h(0, b, j));      // forward, at the last time
            CHECK(y(b, 0, 4 + j) == h(1, b, j));  // backward, at the first
        }
}
TEST_CASE("layers: both directions of a batch end in the states that are given") {
    expect_ends_of_both_directions<pm::nn::rnn<3, 4, pm::bidirectional, pm::batch_first>>();
    expect_ends_of_both_directions<pm::nn::gru<3, 4, pm::bidirectional, pm::batch_first>>();
}
