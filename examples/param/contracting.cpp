// contracting, almost_orthogonal_lipschitz: layers that stretch no difference of inputs, whatever an optimizer does to
// their originals; the second for the price of two products.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/almost_orthogonal_lipschitz.hpp>
#include <paramorph/param/contracting.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;

int main() {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::contracting<>>, double> weight;
    weight = matrix{{0.6, 0.1}, {0.1, 0.6}};
    weight.original() *= 100.0;  // as many steps of an optimizer would
    matrix const w = weight();
    double const stretched = std::hypot(w(0, 0) + w(0, 1), w(1, 0) + w(1, 1)) / std::sqrt(2.0);
    using layer = pm::nn::linear<2, 2, pm::weight<pm::param::almost_orthogonal_lipschitz>, pm::no_bias>;
    auto cheap = pm::make<layer>(pm::seed{1});
    cheap.weight.original() = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{30, -40}, {40, 30}};
    auto const turn = cheap.weight();
    pm::status const refused = weight.try_assign(matrix{{2, 0}, {0, 0}});
    std::printf("stretches by %g; a norm of 2: %s\n", stretched, refused.failed);
    return stretched > 0.99 && stretched <= 1 + 1e-12 && !refused.ok() && std::abs(turn(0, 0) - 0.6f) < 1e-6f ? 0 : 1;
}
