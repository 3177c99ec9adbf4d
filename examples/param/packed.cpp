// packed<P>: half the numbers to train. An 8 x 8 skew matrix has 28 of its own.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/packed.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

int main() {
    pm::tensor<pm::shape<8, 8>, pm::chain<pm::param::packed<pm::param::skew>>> w;
    pm::random numbers{pm::seed{1}};
    w.initialize(numbers, 1);
    static_assert(decltype(w)::traits::original_shape<0>::size == 28);
    w.original()(0) = 5;  // row by row: above the diagonal, the first is (0, 1)
    auto const y = w();
    // From and to the layout with all 64 numbers, which PyTorch has.
    float full[64], back[28];
    pm::param::unpack_original<pm::param::skew>(w.original().data(), full, 8);
    pm::param::pack_original<pm::param::skew>(full, back, 8);
    std::printf("%d numbers, w01 = %g, w10 = %g\n", int(w.original().size()), double(y(0, 1)), double(y(1, 0)));
    return y(0, 1) == 5 && y(1, 0) == -5 && full[1] == 5 && back[27] == w.original()(27) ? 0 : 1;
}
