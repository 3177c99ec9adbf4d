// Reflections of complex vectors, which PyTorch refuses, too.
// behaviour-48
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/complex.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 3>, float> a, pm::symbol<pm::shape<3>, float> tau) {
#ifdef MISTAKE
    return pm::householder_product(pm::complex(a, a), tau);  // error: householder_product: complex matrices are not supported: an orthogonal matrix of twice the size, [[re, -im], [im, re]], holds a unitary one
#else
    return pm::householder_product(a, tau);
#endif
}
