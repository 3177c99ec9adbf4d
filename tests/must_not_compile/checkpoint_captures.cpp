// A function that holds a number, which tracing cannot see.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/checkpoint.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

auto f([[maybe_unused]] float factor, pm::symbol<pm::shape<3>, float> x) {
#ifdef MISTAKE
    return pm::checkpoint([factor](auto y) { return y * factor; }, x);  // error: checkpoint: the function must not capture: pass what it needs as further arguments, pm::checkpoint(f, x, weight), and take them as further parameters
#else
    return pm::checkpoint([](auto y) { return y * 2; }, x);
#endif
}
