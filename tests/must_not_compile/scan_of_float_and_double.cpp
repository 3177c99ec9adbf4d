// Inputs of double for a state of float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using element = double;  // error: scan: state, inputs and parameters must be float, or all double: they are float [3] and double [10]
#else
using element = float;
#endif
struct cell {
    constexpr auto operator()(auto h, auto x) const { return std::tuple{h * x, x}; }
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, element>{}));
