// A cell without a parameter for the weight that it is given.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto cell = [](auto h, auto x) { return std::tuple{h * x, x}; };  // error: scan: the cell does not take the state, the step's input and 1 parameter: its parameters must be auto, and it must be const: write [](auto state, auto input, auto weight) { ... }
#else
constexpr auto cell = [](auto h, auto x, auto w) { return std::tuple{h * x * w, x}; };
#endif
using vector = pm::symbol<pm::shape<3>, float>;
using result = decltype(pm::scan(cell, vector{}, pm::symbol<pm::shape<10>, float>{}, vector{}));
