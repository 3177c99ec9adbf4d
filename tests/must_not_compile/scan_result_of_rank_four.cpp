// A step's result of four axes, to which time would be a fifth.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/scan.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct cell {
    constexpr auto operator()(auto h, auto x) const {
#ifdef MISTAKE
        return std::tuple{h * x, pm::reshape<pm::shape<1, 1, 1, 3>>(h)};  // error: scan: the result of a step has at most three axes, since time is one more: it is [1, 1, 1, 3]
#else
        return std::tuple{h * x, pm::reshape<pm::shape<1, 1, 3>>(h)};
#endif
    }
};
using result = decltype(pm::scan(cell{}, pm::symbol<pm::shape<3>, float>{}, pm::symbol<pm::shape<10>, float>{}));
