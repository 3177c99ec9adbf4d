// Only a square matrix is packed.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/pack.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::pack_upper(x);  // error: pack_upper, pack_lower: the matrix must be square: it is [3, 4]
#else
    return pm::pack_upper(pm::slice<1, 0, 3>(x));
#endif
}
