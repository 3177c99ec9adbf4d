// Inputs without an axis for time.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using inputs = pm::shape<>;  // error: scan: the inputs have no leading axis, which is time: they are float []; step t sees inputs[t]
#else
using inputs = pm::shape<10>;
#endif
struct cell {
    constexpr auto operator()(auto h, auto x) const { return std::tuple{h * x, x}; }
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<inputs, float>{}));
