// A function that takes a parameter more than it is given.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/checkpoint.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x) {
    constexpr auto product = [](auto y, auto w) { return y * w; };
#ifdef MISTAKE
    return pm::checkpoint(product, x);  // error: checkpoint: the function does not take the arguments, float [3]: its parameters must be auto, one for each
#else
    return pm::checkpoint(product, x, x);
#endif
}
