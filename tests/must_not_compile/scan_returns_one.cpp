// A cell that gives a state and no result.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct cell {
    constexpr auto operator()(auto h, auto x) const {
#ifdef MISTAKE
        return h * x;  // error: scan: the cell must return two traced tensors, the next state and the step's result: write return std::tuple{next, y}; it returns float [3]
#else
        return std::tuple{h * x, x};
#endif
    }
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, float>{}));
