// lora<rank, alpha>: fine-tuning. A weight that is known stays as it is, as state; a correction of low rank is trained.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/lora.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

int main() {
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::lora<1, 2>>> w;
    matrix const known{{1, 2, 3}, {4, 5, 6}, {7, 8, 10}};
    w = known;
    bool const kept = w() == known && w.state() == known;  // the correction begins at nothing
    w.original<1>()(0, 0) = 0.5f;                          // as a step of an optimizer would
    auto const y = w();
    std::printf("w00 was 1 and is %g, w10 is %g\n", double(y(0, 0)), double(y(1, 0)));
    return kept && y(0, 0) != 1 && y(1, 0) == 4 && w.state() == known ? 0 : 1;
}
