// orthogonal: its laws, assignment and projection, and that it stays orthogonal while it is trained. (Against PyTorch,
// for every map and shape: tests/parity/ready_made.)
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/orthogonal.hpp"
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
using map = pm::param::orthogonal_map;
template <map M>
using with_base = pm::param::orthogonal<M>;
template <map M>
using without_base = pm::param::orthogonal<M, pm::param::without_base>;
template <int Rows, int Columns, class P>
using tensor = pm::tensor<pm::shape<Rows, Columns>, pm::chain<P>>;

namespace {

// The largest element of W^T W - I, or of W W^T - I where W is wide.
template <class W>
float defect(W const& w) {
    std::size_t const rows = w.shape()[0], columns = w.shape()[1], k = std::min(rows, columns),
                      n = std::max(rows, columns);
    auto const at = [&](std::size_t i, std::size_t j) { return rows >= columns ? w(i, j) : w(j, i); };
    float worst = 0;
    for (std::size_t a = 0; a < k; ++a)
        for (std::size_t b = 0; b < k; ++b) {
            double total = a == b ? -1 : 0;
            for (std::size_t i = 0; i < n; ++i) total += double(at(i, a)) * double(at(i, b));
            worst = std::max(worst, static_cast<float>(std::abs(total)));
        }
    return worst;
}
template <int Rows, int Columns, class P>
bool is_orthogonal() {
    tensor<Rows, Columns, P> w;
    pm::random numbers{pm::seed{1}};
    w.initialize(numbers, 1);
    return defect(w()) <= 10 * std::max(Rows, Columns) * std::numeric_limits<float>::epsilon();
}
xt::xtensor_fixed<float, xt::xshape<3, 3>> const turned{{0.6f, -0.8f, 0}, {0.8f, 0.6f, 0}, {0, 0, 1}};
float distance(auto const& a, auto const& b) {
    float worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a.data()[i] - b.data()[i]));
    return worst;
}

}  // namespace

TEST_CASE("orthogonal: laws of householder with a base, wide") {
    CHECK(pm::laws<with_base<map::householder>, pm::shape<3, 5>>::check() == "");
}
TEST_CASE("orthogonal: laws of the Cayley map without a base") {
    CHECK(pm::laws<without_base<map::cayley>, pm::shape<4, 4>>::check() == "");
}

TEST_CASE("orthogonal: columns or rows are orthonormal within 10 n epsilon", "[behaviour-45]") {
    CHECK(is_orthogonal<4, 4, without_base<map::matrix_exp>>());
    CHECK(is_orthogonal<5, 3, with_base<map::cayley>>());
    CHECK(is_orthogonal<3, 5, without_base<map::householder>>());
    CHECK(is_orthogonal<16, 16, with_base<map::matrix_exp>>());
    CHECK(is_orthogonal<64, 16, without_base<map::householder>>());
    CHECK(is_orthogonal<64, 64, without_base<map::cayley>>());
}

TEST_CASE("orthogonal: assigning an orthogonal matrix, projecting another", "[behaviour-46]") {
    tensor<3, 3, with_base<map::matrix_exp>> w;
    w = turned;
    CHECK(distance(w(), turned) < 1e-6f);
    // The q of the QR factorization with a positive diagonal of r: of a triangular matrix, signs.
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const upper{{2, 5, 7}, {0, -3, 4}, {0, 0, 1}};
    CHECK_FALSE(w.try_assign(upper).ok());
    CHECK(distance(w(), turned) < 1e-6f);
    w.project(upper);
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const signs{{1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    CHECK(distance(w(), signs) < 1e-6f);
}

TEST_CASE("orthogonal: without a base, a square matrix can still be assigned", "[behaviour-47]") {
    static_assert(!pm::right_invertible<without_base<map::matrix_exp>, pm::shape<5, 3>>);
    static_assert(!pm::right_invertible<without_base<map::cayley>, pm::shape<3, 5>>);
    tensor<3, 3, without_base<map::matrix_exp>> w;
    w = turned;
    CHECK(distance(w(), turned) < 1e-5f);
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const reflection{{1, 0, 0}, {0, 1, 0}, {0, 0, -1}};
    CHECK(std::string(w.try_assign(reflection).failed).find("log_rotation") == 0);
    CHECK(distance(w(), turned) < 1e-5f);
}

TEST_CASE("orthogonal: stays orthogonal in a thousand steps; signs are no parameters", "[behaviour-49][behaviour-h]") {
    using layer = pm::nn::linear<4, 4, pm::weight<with_base<map::householder>>, pm::no_bias>;
    static_assert(pm::parameter_count<layer> == 16);
    auto net = pm::make<layer>(pm::seed{1});
    auto const loss = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };
    xt::xtensor_fixed<float, xt::xshape<4, 4>> x, t;
    pm::random numbers{pm::seed{2}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    for (auto& e : t) e = static_cast<float>(numbers.uniform(-1, 1));
    auto step = pm::value_and_grad(loss, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.05, .weight_decay = 0.1}};
    auto const signs = net.weight.state<0, 1>();
    bool unused_is_zero = true;
    for (int k = 0; k < 1000; ++k) {
        auto const& gradient = step(x, t).gradient;
        for (int i = 0; i < 4; ++i)
            for (int j = i; j < 4; ++j) unused_is_zero = unused_is_zero && gradient.data(0)[4 * i + j] == 0;
        optimizer.step(gradient);
    }
    CHECK(unused_is_zero);
    CHECK(defect(net.weight()) < 10 * 4 * std::numeric_limits<float>::epsilon());
    CHECK((net.weight.state<0, 1>() == signs));
}
