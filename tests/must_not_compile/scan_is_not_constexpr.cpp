// A cell that is not constexpr.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct cell {
#ifdef MISTAKE
    auto operator()(auto h, auto x) const { static int calls = 0; return std::tuple{h * double(++calls), x}; }  // error: scan: the cell cannot be evaluated while compiling: write constexpr for its call operator and for every function that it calls; its state is [3]
#else
    constexpr auto operator()(auto h, auto x) const { return std::tuple{h * x, x}; }
#endif
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, float>{}));
