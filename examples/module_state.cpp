// A module with mode and state: in training it subtracts the mean of its batch and moves a running mean, in inference
// it subtracts the running mean. The running mean is a buffer: no optimizer moves it, each use in a step does. Which
// mode a call has is said where it is called. Exit status 0 if the numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct centred {
    pm::buffer<pm::shape<2>> running;  // begins as zeros; {pm::full(1)}: as ones
    template <pm::mode M>
    constexpr auto forward(auto x) const {
        if constexpr (M == pm::mode::inference)
            return x - running;
        else {
            auto const mean = pm::mean<0>(x);
            return pm::updated(x - mean, running = running * 0.5 + pm::detach(mean) * 0.5);
        }
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(centred, running);

using model = pm::nn::sequential<centred, pm::nn::linear<2, 1>>;

int main() {
    auto net = pm::make<model>(pm::seed{0});
    xt::xtensor_fixed<float, xt::xshape<4, 2>> const x{{1, 0}, {3, 0}, {1, 4}, {3, 4}};  // mean {2, 2}
    xt::xtensor_fixed<float, xt::xshape<4, 1>> const t{{-1}, {1}, {-1}, {1}};
    auto step = pm::value_and_grad([](auto& n, auto in, auto wanted) { return pm::mse(n(in), wanted); }, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.2}};
    for (int n = 0; n < 30; ++n) optimizer.step(step(x, t).gradient);

    auto const& running = pm::get<"0.running">(net)();  // 2 (1 - 2^-30)
    auto const y = pm::freeze(net)(x);                  // a constant by now
    // A call is one of inference, unless it is one of training, which moves the buffer: from 2 to (2 + 6) / 2.
    auto copy = net;
    pm::training(copy)(xt::xtensor_fixed<float, xt::xshape<1, 2>>{{6, 6}});
    bool const moved = std::abs(pm::get<"0.running">(copy)()(0) - 4) < 1e-5f;
    bool const same = pm::inference(net)(x) == net(x);

    // Paths of a module's tensors are texts of the program, and part of a type: which of them are parameters?
    int parameters = 0;
    pm::for_each_path(net, [&]<pm::fixed_string Path>(auto const& tensor) {
        bool const trained = std::remove_cvref_t<decltype(tensor)>::trained;
        std::printf("%s%s\n", Path.view().data(), trained ? "" : ", a buffer");
        parameters += trained;
    });
    static_assert(std::is_same_v<pm::module_value_type<model>, float>);

    std::printf("running mean %g %g, the network gives %g %g\n", double(running(0)), double(running(1)),
                double(y(0, 0)), double(y(1, 0)));
    return moved && same && parameters == 2 && std::abs(running(0) - 2) < 1e-5f && std::abs(y(0, 0) + 1) < 1e-2f &&
                   std::abs(y(1, 0) - 1) < 1e-2f
               ? 0
               : 1;
}
