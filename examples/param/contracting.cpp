// contracting: a layer that stretches no difference of inputs, whatever an optimizer does to its original.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
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
    pm::status const refused = weight.try_assign(matrix{{2, 0}, {0, 0}});
    std::printf("stretches by %g; a norm of 2: %s\n", stretched, refused.failed);
    return stretched > 0.99 && stretched <= 1 + 1e-12 && !refused.ok() ? 0 : 1;
}
