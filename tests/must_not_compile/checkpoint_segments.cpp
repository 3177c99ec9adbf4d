// Segments of no step.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> state, pm::symbol<pm::shape<4, 3>, float> inputs) {
    constexpr auto cell = [](auto h, auto x) { return std::tuple{h * x, h}; };
#ifdef MISTAKE
    return pm::scan(pm::checkpoint<0>(cell), state, inputs);  // error: checkpoint: the number of steps between two saved states must be 1 or more
#else
    return pm::scan(pm::checkpoint<2>(cell), state, inputs);
#endif
}
