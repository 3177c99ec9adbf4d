// Any lambda over traced tensors as a function of arrays: of inputs alone, of a network, with its gradient, with
// several inputs and results, and a network that has several itself, such as the cell of a recurrent network. Exit
// status 0 if the numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

struct autoencoder {
    pm::nn::linear<6, 3> in;
    pm::nn::linear<3, 6> out;
    constexpr auto encode(auto x) const { return pm::tanh(in(x)); }
    constexpr auto forward(auto x) const { return out(encode(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(autoencoder, in, out);

// [batches]
struct cell {                                                     // several inputs, and a tuple of results
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<4>>;  // of a row of each; for batches known at run time
    pm::nn::linear<2, 4> input;
    pm::nn::linear<4, 4, pm::weight<pm::param::skew, pm::param::cayley>> hidden;
    constexpr auto forward(auto x, auto h) const {
        auto const next = pm::tanh(input(x) + hidden(h));
        return std::tuple{pm::sum<1>(next), next};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden);
// [batches]

int main() {
    bool good = true;

    // Singular values of a matrix.
    auto const svd = pm::function([](auto a) { return pm::svd(a); });
    fixed<2, 2> const a{{3, 0}, {4, 5}};
    auto const [u, s, vh] = svd(a);
    std::printf("singular values %g and %g\n", double(s(0)), double(s(1)));
    good = good && std::abs(s(0) * s(1) - 15) < 1e-4f && std::abs(s(0) * s(0) + s(1) * s(1) - 50) < 1e-3f;

    // A fit by its gradient, without a network: x with a x = (6, 13).
    auto const fit = pm::value_and_grad([](auto m, auto x, auto y) {
        return pm::sum(pm::square(pm::matmul(m, pm::unsqueeze<1>(x)) - pm::unsqueeze<1>(y)));
    });
    fixed<2> x{0, 0};
    fixed<2> const y{6, 13};
    for (int i = 0; i < 200; ++i) {
        auto const [value, gradient] = fit(a, x, y);
        auto const& of_x = std::get<1>(gradient);  // one for each input
        for (std::size_t k = 0; k < 2; ++k) x(k) -= 0.02f * of_x(k);
    }
    std::printf("x = (%g, %g)\n", double(x(0)), double(x(1)));
    good = good && std::abs(x(0) - 2) < 1e-3f && std::abs(x(1) - 1) < 1e-3f;

    // A function of a network beside forward.
    auto const net = pm::make<autoencoder>(pm::seed{0});
    auto const encode = pm::function([](auto& n, auto input) { return n.encode(input); }, net);
    fixed<1, 6> const input{{1, 2, 3, 4, 5, 6}};
    auto const code = encode(input);
    std::printf("code %g %g %g\n", double(code(0, 0)), double(code(0, 1)), double(code(0, 2)));
    good = good && code.size() == 3;

    // A network with a state that the caller keeps: one step in time for two sequences, then for any number of them.
    auto const recurrent = pm::make<cell>(pm::seed{1});
    fixed<2, 4> h{};
    for (int time = 0; time < 3; ++time) {
        fixed<2, 2> const now{{1, float(time)}, {-1, 0.5}};
        auto const [said, next] = recurrent(now, h);
        std::printf("at %d: %g and %g\n", time, double(said(0)), double(said(1)));
        h = next;
    }
    // [batches]
    xt::xtensor<float, 2> const many = xt::ones<float>({100, 2});  // any number of rows
    xt::xtensor<float, 2> const states = xt::zeros<float>({100, 4});
    auto const [said, next] = recurrent(many, states);  // 100 numbers, and [100, 4]
    // [batches]
    good = good && said.size() == 100 && next.shape(0) == 100;

    for (float e : h) good = good && std::abs(e) < 1;
    return good ? 0 : 1;
}
