// Layers beyond linear: names and numbers of tensors, initial values, parametrizations by name, what PyTorch does not
// compute (infinities), and known values of recurrent cells and normalizations.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"

#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/recurrent.hpp"
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

template <class Layer>
test::numbers value_and_slope(double x) {
    auto const g =
        std::make_unique<pm::graph>(pm::simplify(test::trace_gradient<double, pm::shape<1>>(forward<Layer>)));
    auto const r = test::interpret(*g, {{x}, {1}}).outputs;
    return {r[0][0], r[1][0]};
}

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
    CHECK((value_and_slope<nn::mish>(inf) == test::numbers{inf, 1}));
    CHECK((value_and_slope<nn::hardtanh<>>(inf) == test::numbers{1, 0}));
    CHECK((value_and_slope<nn::hardtanh<>>(-1) == test::numbers{-1, 0}));
    CHECK((value_and_slope<nn::relu6>(6) == test::numbers{6, 0}));
    CHECK((value_and_slope<nn::leaky_relu<0.5>>(0) == test::numbers{0, 0.5}));
    CHECK((value_and_slope<nn::leaky_relu<0.5>>(-inf) == test::numbers{-inf, 0.5}));
    CHECK((value_and_slope<nn::hardsigmoid>(-inf) == test::numbers{0, 0}));
    for (double y : {value_and_slope<nn::hardswish>(NAN)[0], value_and_slope<nn::mish>(NAN)[0],
                     value_and_slope<nn::hardtanh<>>(NAN)[0], value_and_slope<nn::hardsigmoid>(NAN)[0],
                     value_and_slope<nn::leaky_relu<>>(NAN)[0]})
        CHECK(std::isnan(y));
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

TEST_CASE("layers: the bias of a GRU's new gate is inside of the reset gate") {
    auto net = pm::make<gru<1, 1>>(pm::seed{0});
    net.weight_ih_l0 = net.weight_hh_l0 = array<3, 1>{{1}, {1}, {1}};
    net.bias_ih_l0 = net.bias_hh_l0 = array<3>{1, 1, 1};
    auto const [ys, h] = net(array<2, 1>{{0}, {0}});
    CHECK(std::abs(ys(0, 0) - 0.11379f) < 1e-5f);
    CHECK(std::abs(ys(1, 0) - 0.20536f) < 1e-5f);
    CHECK(h(0, 0) == ys(1, 0));
}
