// A cell that holds a number, which tracing cannot see.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

auto f([[maybe_unused]] float factor, pm::symbol<pm::shape<3>, float> state, pm::symbol<pm::shape<10>, float> inputs) {
#ifdef MISTAKE
    auto const cell = [factor](auto h, auto x) { return std::tuple{h * x * factor, x}; };
    return pm::scan(cell, state, inputs);  // error: scan: the cell must not capture: pass what it needs beside state and input as further arguments, pm::scan(cell, state, inputs, weight), and take them as further parameters; this holds 4 bytes
#else
    auto const cell = [](auto h, auto x) { return std::tuple{h * x * 2, x}; };
    return pm::scan(cell, state, inputs);
#endif
}
