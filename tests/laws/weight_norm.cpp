// The laws of weight_norm, what it makes of zeros, and that a layer keeps its output.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/weight_norm.hpp"
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
using pm::param::weight_norm;

template <class P, int... E>
std::string broken_law() {
    return pm::laws<P, pm::shape<E...>>::check();
}

TEST_CASE("laws: weight_norm, for each dim and for all", "[behaviour-54]") {
    CHECK(broken_law<weight_norm<>, 5, 9>() == "");
    CHECK(broken_law<weight_norm<1>, 5, 9>() == "");
    CHECK(broken_law<weight_norm<pm::param::whole_tensor>, 3, 4>() == "");
    using columns = pm::tensor<pm::shape<5, 9>, pm::chain<weight_norm<1>>>;
    static_assert(std::is_same_v<columns::traits::original_shape<0>, pm::shape<1, 9>>);
    static_assert(std::is_same_v<columns::traits::original_shape<1>, pm::shape<5, 9>>);
    using convolution = pm::tensor<pm::shape<4, 3, 2, 2>, pm::chain<weight_norm<>>>;
    static_assert(std::is_same_v<convolution::traits::original_shape<0>, pm::shape<4, 1, 1, 1>>);
    convolution w;
    pm::random numbers{pm::seed{1}};
    w.initialize(numbers, 1);
    auto const before = w();
    w = before;
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(std::abs(w().data()[i] - before.data()[i]) < 1e-6f);
}

TEST_CASE("weight_norm: copies give equal outputs", "[behaviour-52]") {
    pm::nn::linear<3, 2, pm::weight<weight_norm<>>> const layer{pm::seed{1}};
    auto const copy = layer;
    xt::xtensor_fixed<float, xt::xshape<3>> const x{1, 2, 3};
    CHECK((copy(x) == layer(x)));
}

template <int Dim, class Lengths>
void add_and_remove() {
    pm::nn::linear<3, 2> const plain{pm::seed{1}};
    xt::xtensor_fixed<float, xt::xshape<3>> const x{1, 2, 3};
    auto const added = pm::register_parametrization<pm::weight<weight_norm<Dim>>>(plain);
    using traits = typename std::remove_cvref_t<decltype(added.weight)>::traits;
    static_assert(std::is_same_v<typename traits::template original_shape<0>, Lengths>);
    static_assert(std::is_same_v<typename traits::template original_shape<1>, pm::shape<2, 3>>);
    auto const removed = pm::remove_parametrizations<"weight">(added, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(removed), decltype(plain)>);
    for (std::size_t k = 0; k < 2; ++k) {
        CHECK(std::abs(added(x)(k) - plain(x)(k)) < 1e-5f);
        CHECK(removed(x)(k) == added(x)(k));
    }
}

TEST_CASE("weight_norm: adding and removing leave the output unchanged", "[behaviour-54]") {
    add_and_remove<0, pm::shape<2, 1>>();
    add_and_remove<1, pm::shape<1, 3>>();
    add_and_remove<pm::param::whole_tensor, pm::shape<>>();
}

TEST_CASE("weight_norm: a row of zeros is zero, and so is its gradient", "[behaviour-i]") {
    using P = pm::chain<weight_norm<>>;
    pm::tensor<pm::shape<2, 2>, P> w;
    w = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{0, 0}, {3, 4}};
    CHECK((w() == xt::xtensor_fixed<float, xt::xshape<2, 2>>{{0, 0}, {3, 4}}));
    CHECK(w.original<0>()(1, 0) == 5);
    w.original<0>()(0, 0) = 7;  // a length without a direction
    w.original<1>()(0, 0) = w.original<1>()(0, 1) = 0;
    CHECK(w()(0, 0) == 0);
    double const g[]{7, 5}, v[]{0, 0, 3, 4}, cotangent[]{1, 1, 1, 1};
    double dg[2], dv[4];
    double const* const in[]{g, v, cotangent};
    double* const out[]{dg, dv};
    auto const program = std::make_unique<pm::ir::graph>(pm::program::gradient_of<P, pm::shape<2, 2>, double>::build());
    REQUIRE(pm::ir::evaluate(*program, in, out).ok());
    CHECK((dg[0] == 0 && dv[0] == 0 && dv[1] == 0));
    CHECK(std::abs(dg[1] - 1.4) < 1e-12);
}

namespace {
template <int Dim>
struct weight_alone {
    using row = pm::tensor<pm::shape<2, 2>, pm::chain<weight_norm<Dim>>>;
    BOOST_HANA_DEFINE_STRUCT(weight_alone, (row, w));
    constexpr auto forward(auto x) const { return w * x; }
};
template <int Dim>
void train_zeros() {
    weight_alone<Dim> net;
    using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    net.w = matrix{{0, 0}, {-0.0f, 0}};
    CHECK((net.w() == matrix{{0, 0}, {0, 0}}));
    matrix const x{{1, 2}, {3, 5}};
    auto step = pm::value_and_grad([](auto& n, auto v) { return pm::sum(n.forward(v)); }, net);
    pm::optim::sgd descend{net, {.learning_rate = 0.5}};
    descend.step(step(x).gradient);
    for (float const e : net.w()) CHECK(e < 0);
}
}  // namespace

TEST_CASE("weight_norm: assigned zeros keep their value and can be trained") {
    train_zeros<0>();
    train_zeros<1>();
    train_zeros<pm::param::whole_tensor>();
    // A row of zeros among others: theirs are the elements, as before.
    pm::tensor<pm::shape<2, 2>, pm::chain<weight_norm<>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{0, 0}, {3, 4}};
    CHECK((w.original<1>() == xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, 1}, {3, 4}}));
    CHECK((w.original<0>() == xt::xtensor_fixed<float, xt::xshape<2, 1>>{{0}, {5}}));
    // A row too short for a reciprocal of its length keeps its direction.
    w = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1.4e-45f, 0}, {3e-40f, 4e-40f}};
    CHECK(w()(0, 0) == 1.4e-45f);
    CHECK(w()(0, 1) == 0);
    CHECK(std::abs(w()(1, 0) / 3e-40f - 1) < 1e-4f);
    CHECK(w.original<1>()(0, 0) > 0x1p-60f);
}

TEST_CASE("weight_norm: of a vector along its axis each length is a magnitude") {
    pm::tensor<pm::shape<2>, pm::chain<weight_norm<>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2>>{3, -4};
    CHECK((w.original<0>() == xt::xtensor_fixed<float, xt::xshape<2>>{3, 4}));
    w.original<0>() = xt::xtensor_fixed<float, xt::xshape<2>>{1, 1};
    CHECK((w() == xt::xtensor_fixed<float, xt::xshape<2>>{1, -1}));
}
