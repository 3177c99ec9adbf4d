// positive_definite, positive_semidefinite, positive_semidefinite_fixed_rank: a metric x^T w x that is learned, of all
// directions or of few.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/positive_semidefinite.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;

int main() {
    using namespace pm::param;
    pm::tensor<pm::shape<2, 2>, pm::chain<positive_definite>> metric;
    metric = matrix{{2, 1}, {1, 2}};
    metric.original() -= 3.0f;  // as a step of an optimizer would
    matrix const w = metric();
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::positive_semidefinite<1>>> direction;
    pm::status const refused = direction.try_assign(matrix{{2, 1}, {1, 2}});  // of rank 2
    direction.project(matrix{{2, 1}, {1, 2}});                                // the nearest of rank 1
    matrix const d = direction();
    pm::tensor<pm::shape<2, 2>, pm::chain<positive_semidefinite_fixed_rank<1>>> never_zero;
    never_zero = matrix{{1, 1}, {1, 1}};
    never_zero.original() -= 5.0f;
    matrix const n = never_zero();
    // Of any rank, where none is named: zero, too.
    static_assert(
        std::is_same_v<pm::param::positive_semidefinite<>, pm::param::positive_semidefinite<pm::param::any_rank>>);
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::positive_semidefinite<pm::param::any_rank>>> any;
    any = matrix{{0, 0}, {0, 0}};
    bool const zero = xt::allclose(any(), matrix{{0, 0}, {0, 0}});
    std::printf("det %g > 0; of rank 1: (%g, %g); never zero: %g; %s\n", double(w(0, 0) * w(1, 1) - w(0, 1) * w(1, 0)),
                double(d(0, 0)), double(d(0, 1)), double(n(0, 0) + n(1, 1)), refused.failed);
    return w(0, 1) == w(1, 0) && w(0, 0) > 0 && w(0, 0) * w(1, 1) > w(0, 1) * w(1, 0) && !refused.ok() &&
                   std::abs(d(0, 0) - 1.5f) < 1e-5f && std::abs(d(0, 1) - 1.5f) < 1e-5f && n(0, 0) + n(1, 1) > 0 && zero
               ? 0
               : 1;
}
