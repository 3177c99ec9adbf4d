// What a module of two results gives is given to an operation.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/call.hpp>
#include <paramorph/op/relu.hpp>

namespace pm = paramorph;

struct twice {
    static constexpr auto forward(auto x) { return std::tuple{x, x}; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
auto f(pm::symbol<pm::shape<3>, float> x) {
#ifdef MISTAKE
    return pm::relu(
        twice{}(x));  // error: relu: a tensor is expected, and given is a tuple of 2, all results of a layer: in the forward of a struct write `auto [y, h] = gru(x);` and give y, or give std::get<0>(gru(x))
#else
    return pm::relu(std::get<0>(twice{}(x)));
#endif
}
