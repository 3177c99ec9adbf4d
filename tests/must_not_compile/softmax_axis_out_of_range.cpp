// A softmax along an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/softmax.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::log_softmax<2>(x);  // error: softmax: the argument has no such axis
#else
    return pm::log_softmax<1>(x);
#endif
}
