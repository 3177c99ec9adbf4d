// Memory against time in training: a recurrent network over 1,000 steps that keeps every 32nd state, and a block whose
// inside is computed again when its gradient is asked for. The numbers are the same; what a step of training needs is a
// constant that the compiler knows, printed for both. Exit status 0 if the losses are equal and the memory is less.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <type_traits>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr int steps = 1000, batch = 16, hidden = 16;

struct cell {  // h = tanh(h W + x)
    constexpr auto operator()(auto h, auto x, auto w) const {
        auto const next = pm::tanh(pm::matmul(h, w) + x);
        return std::tuple{next, next};
    }
};
// The state after the last step, read by a block of two layers, which is wide inside.
struct wide_block {
    constexpr auto operator()(auto h, auto w, auto v) const { return h + pm::matmul(pm::gelu(pm::matmul(h, w)), v); }
};

// With Again, the gradient computes states and the block's inside again.
template <bool Again>
struct network {
    pm::tensor<pm::shape<hidden, hidden>, pm::chain<pm::param::skew, pm::param::cayley>> rotation;
    pm::tensor<pm::shape<hidden, 8 * hidden>> w;
    pm::tensor<pm::shape<8 * hidden, hidden>> v;
    constexpr auto forward(auto h0, auto xs) const {
        if constexpr (Again) {
            auto const [last, all] = pm::scan(pm::checkpoint<32>(cell{}), h0, xs, rotation);
            return pm::checkpoint(wide_block{}, last, w, v);
        } else {
            auto const [last, all] = pm::scan(cell{}, h0, xs, rotation);
            return wide_block{}(last, w, v);
        }
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
using keeping = network<false>;
using recomputing = network<true>;
BOOST_HANA_ADAPT_STRUCT(keeping, rotation, w, v);
BOOST_HANA_ADAPT_STRUCT(recomputing, rotation, w, v);

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

template <class Network>
std::pair<float, long> trained() {
    auto net = pm::make<Network>(pm::seed{0});
    auto const loss = [](auto& n, auto h0, auto xs, auto t) { return pm::mse(n(h0, xs), t); };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-3}};
    pm::random source{1};
    fixed<batch, hidden> h0, t;
    static fixed<steps, batch, hidden> xs;
    for (float& x : h0) x = static_cast<float>(source.uniform(-1, 1));
    for (float& x : t) x = static_cast<float>(source.uniform(-1, 1));
    for (float& x : xs) x = 0.1f * static_cast<float>(source.uniform(-1, 1));
    float last = 0;
    for (int k = 0; k < 20; ++k) {
        auto& [value, gradient] = step(h0, xs, t);
        optimizer.step(gradient);
        last = value;
    }
    using program = typename decltype(step)::template program_for<pm::input<pm::shape<batch, hidden>>,
                                                                  pm::input<pm::shape<steps, batch, hidden>>,
                                                                  pm::input<pm::shape<batch, hidden>>>;
    return {last, long{pm::workspace_bytes_of<program>}};
}

int main() {
    auto const [loss, bytes] = trained<keeping>();
    auto const [loss_again, bytes_again] = trained<recomputing>();
    std::printf("every state kept:     loss %.6f, %ld bytes of workspace\n", static_cast<double>(loss), bytes);
    std::printf("every 32nd state:     loss %.6f, %ld bytes of workspace\n", static_cast<double>(loss_again),
                bytes_again);
    return loss == loss_again && bytes_again < bytes ? 0 : 1;
}
