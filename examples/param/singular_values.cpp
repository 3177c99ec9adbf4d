// fixed_rank, almost_orthogonal, invertible, special_linear: conditions on the singular values of a weight, which hold
// wherever an optimizer moves the original.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/almost_orthogonal.hpp>
#include <paramorph/param/fixed_rank.hpp>
#include <paramorph/param/positive_determinant.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
template <class P>
using weight = pm::tensor<pm::shape<2, 2>, pm::chain<P>>;

float det(matrix const& a) {
    return a(0, 0) * a(1, 1) - a(0, 1) * a(1, 0);
}
// Assigns the matrix, then moves the original as a step of an optimizer would.
matrix moved(auto w, matrix const& a) {
    w = a;
    w.original() += 0.25f;
    return w();
}

int main() {
    using namespace pm::param;
    matrix const of_rank_one = moved(weight<fixed_rank<1>>{}, {{1, 2}, {2, 4}});
    matrix const near_rotation = moved(weight<almost_orthogonal<0.1>>{}, {{0, -1}, {1.05f, 0}});
    matrix const regular = moved(weight<pm::param::invertible>{}, {{2, 1}, {0, 1}});
    matrix const of_volume_one = moved(weight<pm::param::special_linear>{}, {{2, 1}, {1, 1}});
    // |a|^2 is the sum of the squares of the singular values.
    float squares = 0;
    for (float const e : near_rotation) squares += e * e;
    pm::status const refused = weight<pm::param::invertible>{}.try_assign(matrix{{0, 1}, {1, 0}});
    std::printf("det %g of rank one, %g regular, %g of volume one; |near rotation|^2 = %g; a reflection: %s\n",
                double(det(of_rank_one)), double(det(regular)), double(det(of_volume_one)), double(squares),
                refused.failed);
    return std::abs(det(of_rank_one)) < 1e-4f && det(regular) > 0 && std::abs(det(of_volume_one) - 1) < 1e-4f &&
                   squares > 2 * 0.81f && squares < 2 * 1.21f && !refused.ok()
               ? 0
               : 1;
}
