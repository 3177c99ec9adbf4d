// low_rank<r>: a weight of rank r at most, as a product; 2 (100 + 80) numbers to train, not 8000.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/low_rank.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

int main() {
    pm::tensor<pm::shape<100, 80>, pm::chain<pm::param::low_rank<2>>> large;
    using traits = decltype(large)::traits;
    static_assert(traits::original_shape<0>::size + traits::original_shape<1>::size == 360);
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::low_rank<1>>> w;
    w = matrix{{1, 2, 3}, {2, 4, 6}, {3, 6, 9}};
    w.original<0>()(0, 0) = 0;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    float const minor = y(1, 1) * y(2, 2) - y(1, 2) * y(2, 1);  // 0, as every one of a matrix of rank 1
    std::printf("w00 = %g, a minor %g; the identity: %s\n", double(y(0, 0)), double(minor), refused.failed);
    return y(0, 0) == 0 && std::abs(minor) < 1e-4f && std::abs(y(1, 1) - 4) < 1e-5f && !refused.ok() ? 0 : 1;
}
