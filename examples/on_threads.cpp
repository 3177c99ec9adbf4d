// One call of a network on several threads: a batch that is known at run time is dealt out by blocks of rows, and the
// numbers are those of the call on one thread. Exit status 0 if they are.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include <paramorph/paramorph.hpp>
#include <paramorph/threads.hpp>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<16, 32, pm::weight<pm::param::spectral_norm<>>>, pm::nn::tanh,
                                 pm::nn::linear<32, 4>>;

int main() {
    auto const net = pm::make<model>(pm::seed{0});
    auto x = xt::xtensor<float, 2>::from_shape({1000, 16});
    pm::random numbers{pm::seed{1}};
    for (float& e : x) e = static_cast<float>(numbers.uniform(-1, 1));

    pm::thread_pool threads(2);
    auto const fast = pm::on_threads(net, threads);
    auto const y = fast(x);
    std::printf("%d rows of %d numbers on %d threads\n", int(y.shape(0)), int(y.shape(1)), threads.size());
    return y == net(x) ? 0 : 1;
}
