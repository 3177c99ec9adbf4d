// What a stranger's project does first: include the installed umbrella and use a parametrized layer.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

int main() {
    paramorph::nn::linear<4, 4, paramorph::weight<paramorph::param::symmetric>> layer{paramorph::seed{0}};
    auto const w = layer.weight();
    auto const y = layer(xt::xtensor_fixed<float, xt::xshape<4>>{1, 0, 0, 0});
    for (std::size_t i = 0; i < 4; ++i)
        if (w(i, 0) != w(0, i) || std::abs(y(i) - w(i, 0) - layer.bias()(i)) > 1e-6f) return 1;
    return 0;
}
