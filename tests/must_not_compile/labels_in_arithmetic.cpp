// Integers are labels; they are not numbers of the network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/subtract.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using target = std::int32_t;
#else
using target = float;
#endif
auto f(pm::symbol<pm::shape<3>, float> x, pm::symbol<pm::shape<3>, target> t) {
    return x - t;  // error: int32 labels take part in pick, cross_entropy and take only, not in an operation of float [3] and std::int32_t [3]
}
