// symmetric: a weight that equals its transpose. Of its original only the upper triangle counts.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

int main() {
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::symmetric>> w;
    w = matrix{{1, 2, 3}, {2, 5, 6}, {3, 6, 9}};
    w.original()(0, 2) = -3;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(matrix{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
    std::printf("w02 = %g, w20 = %g; another matrix: %s\n", double(y(0, 2)), double(y(2, 0)), refused.failed);
    return y(0, 2) == -3 && y(2, 0) == -3 && y(1, 1) == 5 && !refused.ok() ? 0 : 1;
}
