// A number beside all results of a module.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/call.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

struct twice {
    static constexpr auto forward(auto x) { return std::tuple{x, x}; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
auto f(pm::symbol<pm::shape<3>, float> x) {
#ifdef MISTAKE
    return twice{}(x) + 1;  // error: operator +: a tensor is expected, and given is a tuple of 2
#else
    return std::get<0>(twice{}(x)) + 1;
#endif
}
