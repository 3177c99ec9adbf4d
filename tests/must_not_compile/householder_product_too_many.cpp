// More reflections than the matrix has columns.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/householder_product.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::householder_product(
        pm::slice<1, 0, 2>(x),
        pm::select<1, 0>(
            x));  // error: householder_product: tau must be a vector with at most as many elements as the matrix has columns: they are [3] and [3, 2]
#else
    return pm::householder_product(pm::slice<1, 0, 3>(x), pm::select<1, 0>(x));
#endif
}
