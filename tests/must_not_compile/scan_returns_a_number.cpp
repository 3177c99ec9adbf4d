// A cell that gives no tensors.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct cell {
#ifdef MISTAKE
    constexpr auto operator()(auto, auto) const { return 3; }  // error: scan: the cell must return two traced tensors, the next state and the step's result: write return std::tuple{next, y}; it returns int
#else
    constexpr auto operator()(auto h, auto x) const { return std::tuple{h * x, x}; }
#endif
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, float>{}));
