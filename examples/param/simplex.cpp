// simplex: rows of positive numbers that sum to one, such as probabilities or the weights of a mixture.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/simplex.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::simplex>> w;
    w = vector{0.2f, 0.3f, 0.5f};
    w.original()(0) += 1;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(vector{0.5f, 0.5f, 0.5f});
    std::printf("%g + %g + %g; another sum: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    return y(0) > 0.2f && std::abs(y(0) + y(1) + y(2) - 1) < 1e-6f && !refused.ok() ? 0 : 1;
}
