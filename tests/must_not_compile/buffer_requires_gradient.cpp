// A buffer told to be trained.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-35
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using mean = pm::buffer<pm::shape<3>>;
#else
using mean = pm::tensor<pm::shape<3>>;
#endif
void f(mean& m) {
    m.requires_gradient(true);  // error: requires_gradient: a buffer is never trained; declare it as pm::tensor
}
