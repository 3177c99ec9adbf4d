// A recurrent network over time: h = tanh(W h + U x), from W a rotation (skew, then the Cayley map), so that neither
// the state nor its gradient grows or dies away over the steps. The cell is compiled once and run for every step,
// forward and backward; the rotation is computed once a step of training, before the first step in time. It learns to
// say what it heard first. Exit status 0 if it did.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr int steps = 20, batch = 16, hidden = 8;

struct cell {  // one step in time: the next state, and what the step says
    constexpr auto operator()(auto h, auto x, auto w) const {
        auto const next = pm::tanh(pm::matmul(h, w) + x);
        return std::tuple{next, next};
    }
};

struct recurrent {
    pm::nn::linear<1, hidden> input;
    pm::tensor<pm::shape<hidden, hidden>, pm::chain<pm::param::skew, pm::param::cayley>> rotation;
    pm::nn::linear<hidden, 1> output;
    constexpr auto forward(auto xs, auto h0) const {  // [steps, batch, 1], [batch, hidden]
        auto const rows = pm::reshape<pm::shape<steps * batch, 1>>(xs);
        auto const heard = pm::reshape<pm::shape<steps, batch, hidden>>(input(rows));  // of all steps, one product
        auto const [last, ys] = pm::scan(cell{}, h0, heard, rotation);
        return output(last);
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(recurrent, input, rotation, output);

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

int main() {
    auto net = pm::make<recurrent>(pm::seed{0});
    auto const loss = [](auto& n, auto xs, auto h0, auto t) { return pm::mse(n(xs, h0), t); };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};

    // The first number of a sequence is 1 or -1, the others are noise.
    pm::random source{1};
    fixed<steps, batch, 1> xs;
    fixed<batch, 1> t;
    fixed<batch, hidden> h0{};
    h0.fill(0);
    float first = 0, last = 0;
    for (int k = 0; k < 300; ++k) {
        for (float& x : xs) x = 0.1f * static_cast<float>(source.uniform(-1, 1));
        for (std::size_t i = 0; i < batch; ++i) t(i, 0) = xs(0, i, 0) = source.below(2) == 0 ? -1.0f : 1.0f;
        auto& [value, gradient] = step(xs, h0, t);
        optimizer.step(gradient);
        last = value;
        if (k == 0) first = value;
    }
    std::printf("loss %g before, %g after\n", double(first), double(last));
    auto const y = net(xs, h0);
    int right = 0;
    for (std::size_t i = 0; i < batch; ++i) right += y(i, 0) * t(i, 0) > 0;
    std::printf("%d of %d sequences begin as it says\n", right, batch);

    // The rotation is still one, and the program computes it once, outside of the scan.
    auto const w = net.rotation();
    float off = 0;
    for (std::size_t i = 0; i < hidden; ++i)
        for (std::size_t j = 0; j < hidden; ++j) {
            float dot = i == j ? -1.0f : 0.0f;
            for (std::size_t k = 0; k < hidden; ++k) dot += w(i, k) * w(j, k);
            if (auto const d = std::abs(dot); d > off || d != d) off = d;
        }
    using P = pm::program::call_of<recurrent, pm::binding::originals, pm::input<pm::shape<steps, batch, 1>>,
                                   pm::input<pm::shape<batch, hidden>>>;
    std::string const made = pm::explain<P>();
    std::printf("%s", made.c_str());
    auto const inverse = made.find("inverse:"), scan = made.find("scan:");
    bool const once = inverse < scan && made.find("inverse:", inverse + 1) == std::string::npos;
    return right == batch && last < 0.1f * first && off < 1e-5f && once ? 0 : 1;
}
