// A network as a type: its parameters by PyTorch's names, one input, a batch, and a weight that is orthogonal before
// anything is trained. Exit status 0 if all of it holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

int main() {
    // [network]
    using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
    using model =
        pm::nn::sequential<pm::nn::linear<64, 64, pm::weight<rotation>>, pm::nn::relu, pm::nn::linear<64, 10>>;
    static_assert(pm::parameter_count<model> == 64 * 64 + 64 + 64 * 10 + 10);

    auto net = pm::make<model>(pm::seed{0});
    pm::for_each_parameter(net, [](std::string const& name, auto const& x) {
        std::printf("%-36s %zu numbers\n", name.c_str(), x.size());  // 0.parametrizations.weight.original and others
    });

    xt::xtensor_fixed<float, xt::xshape<64>> image;
    image.fill(0.5F);
    auto const logits = net(image);  // an array of ten, whose shape is known to the compiler
    auto const batch = xt::xtensor<float, 2>::from_shape({5, 64});
    auto const rows = net(batch);  // [5, 10]: the number of rows is known when the program runs

    auto const w = pm::get<"0.weight">(net)();  // computed from the original
    // [network]

    float worst = 0;
    for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
            float product = i == j ? -1.0F : 0.0F;
            for (std::size_t k = 0; k < 64; ++k) product += w(i, k) * w(j, k);
            if (auto const d = std::abs(product); d > worst || d != d) worst = d;
        }
    std::printf("%zu logits, %zu rows; W W^T differs from I by %g\n", logits.size(), rows.shape()[0], double(worst));
    return logits.size() == 10 && rows.shape()[0] == 5 && worst < 1e-5F ? 0 : 1;
}
