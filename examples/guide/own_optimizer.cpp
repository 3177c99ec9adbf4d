// An optimizer of one's own: Lion (Chen et al. 2023, algorithm 2), which moves every original by the sign of an average
// of gradients. It needs two walks that the library has: the originals, and their gradients in the same order. Exit
// status 0 if it trains, and a parametrized weight stays in its set.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [optimizer]
template <pm::module Net>
class lion {
  public:
    explicit lion(Net& net, float rate) : net_(net), rate_(rate), mean_(pm::gradients<Net>().flat().size()) {}

    void step(pm::gradients<Net> const& gradient) {
        auto g = gradient.begin();
        auto m = mean_.begin();
        pm::for_each_parameter(net_, [&](std::string const&, auto& original) {
            for (float& p : original) {
                float const direction = 0.9F * *m + 0.1F * *g;
                p -= rate_ * static_cast<float>((direction > 0) - (direction < 0));
                *m = 0.99F * *m + 0.01F * *g;
                ++g, ++m;
            }
        });
    }

  private:
    Net& net_;
    float rate_;
    std::vector<float> mean_;
};
// [optimizer]

int main() {
    using model =
        pm::nn::sequential<pm::nn::linear<4, 8, pm::weight<pm::param::positive>>, pm::nn::tanh, pm::nn::linear<8, 1>>;
    auto net = pm::make<model>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    xt::xtensor_fixed<float, xt::xshape<16, 4>> x;
    xt::xtensor_fixed<float, xt::xshape<16, 1>> t;
    pm::random numbers{pm::seed{1}};
    for (std::size_t i = 0; i < 16; ++i) {
        for (std::size_t k = 0; k < 4; ++k) x(i, k) = static_cast<float>(numbers.uniform(-1, 1));
        t(i, 0) = x(i, 0) + x(i, 3);
    }
    // [use]
    lion optimizer{net, 3e-3F};
    float const before = step(x, t).value;
    for (int k = 0; k < 500; ++k) optimizer.step(step(x, t).gradient);
    // [use]
    float const after = step(x, t).value;
    bool positive = true;
    for (float w : pm::get<"0.weight">(net)()) positive = positive && w > 0;
    std::printf("loss %g -> %g; the weight is %spositive\n", double(before), double(after), positive ? "" : "NOT ");
    return after < 0.05F * before && positive ? 0 : 1;
}
