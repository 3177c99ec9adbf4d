// A cell whose next state is shorter than its state.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct cell {
    constexpr auto operator()(auto h, auto x) const {
#ifdef MISTAKE
        return std::tuple{pm::slice<0, 0, 2>(h) * x, x};  // error: scan: the cell's next state must be like its state: the state is float [3], the next float [2]
#else
        return std::tuple{h * x, x};
#endif
    }
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, float>{}));
