// orthogonal stays orthogonal within 10 n epsilon in a thousand steps of an optimizer with weight decay, with every
// map; the unused triangle has no gradient, and the state stays. (A small matrix suffices: a step changes the original
// alone, from which the value is computed anew, so that errors do not add up.)
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../catch.hpp"
#include "defect.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/orthogonal.hpp"

namespace pm = paramorph;
using map = pm::param::orthogonal_map;

namespace {

template <map Map, pm::param::orthogonal_base Base>
void train() {
    using layer = pm::nn::linear<4, 4, pm::weight<pm::param::orthogonal<Map, Base>>, pm::no_bias>;
    static_assert(pm::parameter_count<layer> == 16);  // base and signs are none
    auto net = pm::make<layer>(pm::seed{1});
    auto const loss = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };
    xt::xtensor_fixed<float, xt::xshape<4, 4>> x, t;
    pm::random numbers{pm::seed{2}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    for (auto& e : t) e = static_cast<float>(numbers.uniform(-1, 1));
    auto step = pm::value_and_grad(loss, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.05, .weight_decay = 0.1}};
    auto const before = net;
    bool unused_is_zero = true;
    double worst = 0;
    for (int k = 0; k < 1000; ++k) {
        auto const& gradient = step(x, t).gradient;
        // The Cayley map and the exponential read the diagonal, but a - a^T takes it away.
        for (int i = 0; i < 4; ++i)
            for (int j = i; j < 4; ++j) unused_is_zero = unused_is_zero && gradient.data(0)[4 * i + j] == 0;
        optimizer.step(gradient);
        auto const w = net.weight();
        double const d = test::defect([&](int i, int j) { return w(std::size_t(i), std::size_t(j)); }, 4, 4);
        if (d > worst || d != d) worst = d;
    }
    CHECK(unused_is_zero);
    CHECK(worst <= 10 * 4 * static_cast<double>(std::numeric_limits<float>::epsilon()));
    CHECK_FALSE((net.weight.original() == before.weight.original()));
    decltype(net.weight)::for_each_state([&](auto stage, auto k, auto) {
        CHECK((net.weight.template state<stage, k>() == before.weight.template state<stage, k>()));
    });
}

}  // namespace

TEST_CASE("orthogonal: householder is trained, without base and with one", "[behaviour-49][behaviour-h]") {
    train<map::householder, pm::param::without_base>();
    train<map::householder, pm::param::with_base>();
}
TEST_CASE("orthogonal: cayley is trained, without base and with one", "[behaviour-49][behaviour-h]") {
    train<map::cayley, pm::param::without_base>();
    train<map::cayley, pm::param::with_base>();
}
TEST_CASE("orthogonal: matrix_exp is trained, without base and with one", "[behaviour-49][behaviour-h]") {
    train<map::matrix_exp, pm::param::without_base>();
    train<map::matrix_exp, pm::param::with_base>();
}
