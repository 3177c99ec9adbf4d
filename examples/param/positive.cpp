// positive: a weight greater than zero, by softplus: where it is large, its original is about as large.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/positive.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::positive>> w;
    w = vector{0.001f, 1, 50};
    w.original()(0) -= 5;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(vector{-1, 1, 1});
    std::printf("%g %g %g; -1: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    return y(0) > 0 && y(0) < 1e-5f && std::abs(w.original()(2) - 50) < 1e-5f && !refused.ok() ? 0 : 1;
}
