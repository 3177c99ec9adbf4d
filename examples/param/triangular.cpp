// upper_triangular and lower_triangular: a weight that is zero below, or above, its diagonal.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/triangular.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;

int main() {
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::lower_triangular>> lower;
    lower = matrix{{1, 0, 0}, {4, 5, 0}, {7, 8, 9}};
    lower.original()(0, 2) = 3;  // is not read
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::upper_triangular>> upper;
    pm::status const refused = upper.try_assign(lower());
    upper.project(matrix{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});  // what is below the diagonal is left out
    auto const u = upper();
    std::printf("l02 = %g, u10 = %g; a lower triangle as an upper one: %s\n", double(lower()(0, 2)), double(u(1, 0)),
                refused.failed);
    return lower()(0, 2) == 0 && lower()(1, 0) == 4 && u(1, 0) == 0 && u(0, 1) == 2 && !refused.ok() ? 0 : 1;
}
