// The laws of low_rank.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/low_rank.hpp"
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: low_rank") {
    CHECK(pm::laws<pm::param::low_rank<2>, pm::shape<5, 4>>::check() == "");
}

TEST_CASE("low_rank: a matrix of another rank is refused, and projected to the nearest") {
    using tensor = pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::low_rank<1>>>;
    tensor w;
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const diagonal{{3, 0, 0}, {0, 2, 0}, {0, 0, 1}};
    CHECK_FALSE(w.try_assign(diagonal).ok());
    w.project(diagonal);
    CHECK((std::abs(w()(0, 0) - 3) < 1e-5f && std::abs(w()(1, 1)) < 1e-5f && std::abs(w()(2, 2)) < 1e-5f));
    // A layer's initial values are projected, too: they are as large as a plain layer's, not their products.
    pm::random numbers{pm::seed{1}}, same{pm::seed{1}};
    tensor begun;
    begun.initialize(numbers, 1);
    pm::tensor<pm::shape<3, 3>> plain;
    plain.initialize(same, 1);
    w.project(plain());
    CHECK((begun() == w()));
}

TEST_CASE("low_rank: no pair of factors is zero, so that a matrix of lower rank can be trained to a higher one") {
    using tensor = pm::tensor<pm::shape<3, 2>, pm::chain<pm::param::low_rank<2>>>;
    using array = xt::xtensor_fixed<float, xt::xshape<3, 2>>;
    for (auto const& m : {array{{0, 0}, {0, 0}, {0, 0}}, array{{4, 0}, {0, 0}, {0, 0}}, array{{1, 2}, {2, 4}, {3, 6}},
                          array{{1e-30f, 0}, {0, 0}, {0, 0}}, array{{1e30f, 0}, {0, 0}, {0, 0}}}) {
        tensor w;
        w = m;
        float largest = 0;
        for (float const e : m) largest = std::max(largest, std::abs(e));
        auto const y = w();
        for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(y.data()[i] - m.data()[i]) <= 1e-5f * largest);
        auto const& b = w.original<1>();
        for (std::size_t k = 0; k < 2; ++k) {
            float const squares = b(k, 0) * b(k, 0) + b(k, 1) * b(k, 1);
            CHECK(squares > (largest > 0 ? largest / 2 : 0.5f));
        }
    }
    // Where no singular value is zero the factors are balanced, as before.
    tensor w;
    w = array{{4, 0}, {0, 1}, {0, 0}};
    CHECK(std::abs(w.original<0>()(0, 0)) == 2);
    CHECK(std::abs(w.original<1>()(1, 1)) == 1);
}

TEST_CASE("low_rank: diag(1, 0) is trained to diag(1, 2)") {
    using layer = pm::nn::linear<2, 2, pm::weight<pm::param::low_rank<2>>, pm::no_bias>;
    using array = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    for (float const e : {0.0f, 1.0f}) {
        auto net = pm::make<layer>(pm::seed{1});
        net.weight = array{{e, 0}, {0, 0}};
        auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
        pm::optim::sgd optimizer{net, {.learning_rate = 0.2}};
        array const x{{1, 0}, {0, 1}}, t{{1, 0}, {0, 2}};
        for (int k = 0; k < 300; ++k) optimizer.step(step(x, t).gradient);
        CHECK(step(x, t).value < 1e-4f);
    }
}
