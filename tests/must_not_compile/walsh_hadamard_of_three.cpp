// Hadamard's matrix is there for powers of two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/walsh_hadamard.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using row = pm::shape<2, 3>;
#else
using row = pm::shape<2, 4>;
#endif
auto f(pm::symbol<row, float> x) {
    return pm::walsh_hadamard(x);  // error: walsh_hadamard: the last extent must be a power of two: the tensor is [2, 3]
}
