// Two reductions of a loss.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

using prediction = pm::symbol<pm::shape<3, 4>, float>;
auto f(prediction y, prediction t) {
#ifdef MISTAKE
    return pm::mse<pm::reduction<"sum">, pm::reduction<"none">>(y, t);  // error: mse: the same option twice: reduction<
#else
    return pm::mse<pm::reduction<"sum">>(y, t);
#endif
}
