// weight_norm: the length and the direction of each row are trained apart.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/weight_norm.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;

int main() {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::weight_norm<>>> w;
    w = matrix{{3, 4}, {0, 0}};
    auto& lengths = w.original<0>();     // [2, 1]; in older checkpoints of PyTorch weight_g
    auto& directions = w.original<1>();  // [2, 2]; weight_v
    bool const kept = lengths(0, 0) == 5 && lengths(1, 0) == 0;
    lengths(0, 0) = 10;
    directions(0, 1) = -4;
    auto const y = w();  // and a row of zeros stays one while its length is 0
    std::printf("%g %g, %g %g\n", double(y(0, 0)), double(y(0, 1)), double(y(1, 0)), double(y(1, 1)));
    // One length for the whole matrix: PyTorch's dim=None.
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::weight_norm<pm::param::whole_tensor>>> one;
    one = matrix{{3, 4}, {0, 12}};
    bool const whole = one.original<0>()() == 13;
    bool const right = std::abs(y(0, 0) - 6) < 1e-5f && std::abs(y(0, 1) + 8) < 1e-5f && y(1, 0) == 0;
    return kept && right && whole ? 0 : 1;
}
