// spectral_norm: a weight whose largest singular value is about one. It is estimated by power iteration, which goes on
// in training and rests in inference.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

int main() {
    pm::nn::linear<2, 2, pm::weight<pm::param::spectral_norm<>>, pm::no_bias> layer{pm::seed{1}};
    layer.weight.original() = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{3, 0}, {0, 1}};
    xt::xtensor_fixed<float, xt::xshape<2>> const x{1, 0};
    for (int k = 0; k < 30; ++k) pm::training(layer)(x);  // moves _u and _v, which are state
    auto const u = layer.weight.state<0, 0>();
    float const y = layer(x)(0);
    std::printf("diag(3, 1) becomes diag(%g, %g)\n", double(layer.weight()(0, 0)), double(layer.weight()(1, 1)));
    return std::abs(y - 1) < 1e-6f && std::abs(layer.weight()(1, 1) - 1.0f / 3) < 1e-6f &&
                   layer.weight.state<0, 0>() == u
               ? 0
               : 1;
}
