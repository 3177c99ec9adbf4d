// Reflections of vectors longer than they can be.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/householder_product.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::householder_product(
        x,
        pm::select<1, 0>(
            x));  // error: householder_product: the first argument must be a matrix with at least as many rows as columns: it is [3, 4]
#else
    return pm::householder_product(pm::slice<1, 0, 3>(x), pm::select<1, 0>(x));
#endif
}
