// The QR factorization of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/qr.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::qr(pm::select<0, 0>(x));  // error: qr: the argument must be a matrix
#else
    return pm::qr(x);
#endif
}
