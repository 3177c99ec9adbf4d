// A function of the library, of a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

double use(double x) {
#ifdef MISTAKE
    return pm::tanh(x);  // error: tanh: it takes tensors that are traced, and is given a number
#else
    return std::tanh(x);
#endif
}
