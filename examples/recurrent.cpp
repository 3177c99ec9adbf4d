// A GRU whose recurrent weight is orthogonal: the type says so by the tensor's name. It reads a sequence of noise that
// begins with 1 or -1, and learns to say at the end with which. After training the weight's columns are still
// orthonormal, and every call computes the weight once, before the first step in time. Exit status 0 if so.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr int steps = 12, batch = 16, hidden = 6;

using memory = pm::parametrize<pm::nn::gru<1, hidden>, pm::at<"weight_hh_l0", pm::param::orthogonal<>>>;

struct listener {
    memory recurrent;
    pm::nn::linear<hidden, 1> output;
    constexpr auto forward(auto xs) const {  // [steps, batch, 1]
        auto const [ys, last] = recurrent(xs);
        return output(pm::reshape<pm::shape<batch, hidden>>(last));
    }
    constexpr auto operator()(auto const& xs) const { return pm::call(*this, xs); }
};
BOOST_HANA_ADAPT_STRUCT(listener, recurrent, output);

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

int main() {
    auto net = pm::make<listener>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto xs, auto t) { return pm::mse(n(xs), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};

    pm::random source{1};
    fixed<steps, batch, 1> xs;
    fixed<batch, 1> t;
    float first = 0, last = 0;
    for (int k = 0; k < 300; ++k) {
        for (float& x : xs) x = 0.1f * static_cast<float>(source.uniform(-1, 1));
        for (std::size_t i = 0; i < batch; ++i) t(i, 0) = xs(0, i, 0) = source.below(2) == 0 ? -1.0f : 1.0f;
        auto& [value, gradient] = step(xs, t);
        optimizer.step(gradient);
        last = value;
        if (k == 0) first = value;
    }
    std::printf("loss %g before, %g after\n", double(first), double(last));

    auto const w = pm::get<"recurrent.weight_hh_l0">(net)();
    float off = 0;
    for (std::size_t i = 0; i < hidden; ++i)
        for (std::size_t j = 0; j < hidden; ++j) {
            float dot = i == j ? -1.0f : 0.0f;
            for (std::size_t k = 0; k < 3 * hidden; ++k) dot += w(k, i) * w(k, j);
            if (auto const d = std::abs(dot); d > off || d != d) off = d;
        }
    std::printf("its columns are orthonormal but for %g\n", double(off));

    // [explain]
    using sequence = pm::input<pm::shape<steps, batch, 1>>;  // element types other than float are the second argument
    using call = pm::program::call_of<listener, pm::binding::originals, sequence>;           // net(xs)
    using training = decltype(step)::program_for<sequence, pm::input<pm::shape<batch, 1>>>;  // step(xs, t)
    std::string const made = pm::explain<call>(), of_a_step = pm::explain<training>();
    // [explain]
    auto const weight = made.find("householder_product:"), scan = made.find("scan:");
    std::printf("%s", made.c_str());
    bool const once = weight < scan && made.find("householder_product:", weight + 1) == std::string::npos;
    bool const backwards = of_a_step.find("scan_adjoint:") != std::string::npos;
    return last < 0.1f * first && off < 1e-5f && once && backwards ? 0 : 1;
}
