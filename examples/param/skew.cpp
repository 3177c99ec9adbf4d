// skew: a weight that is the negative of its transpose. Of its original only what is above the diagonal counts.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/skew.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

int main() {
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::skew>> w;
    w = matrix{{0, 1, 2}, {-1, 0, 3}, {-2, -3, 0}};
    w.original()(0, 1) = 5;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(matrix{{0, 1, 2}, {1, 0, 3}, {2, 3, 0}});
    std::printf("w01 = %g, w10 = %g; a symmetric matrix: %s\n", double(y(0, 1)), double(y(1, 0)), refused.failed);
    return y(0, 1) == 5 && y(1, 0) == -5 && y(2, 2) == 0 && !refused.ok() ? 0 : 1;
}
