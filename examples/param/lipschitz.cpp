// lipschitz: a weight whose norm is never above its bound, whatever an optimizer does to its original, and which stays
// as it is below.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/lipschitz.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;

int main() {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::lipschitz<2>>, double> weight;
    matrix const small{{0.6, 0.1}, {0.1, 0.6}};
    weight = small;
    bool const stays = weight() == small;
    weight.original() *= 100.0;  // as many steps of an optimizer would
    matrix const w = weight();   // its first singular vector is (1, 1)
    double const stretched = std::hypot(w(0, 0) + w(0, 1), w(1, 0) + w(1, 1)) / std::sqrt(2.0);
    std::printf("stretches by %g\n", stretched);
    return stays && stretched > 1.98 && stretched <= 2 ? 0 : 1;
}
