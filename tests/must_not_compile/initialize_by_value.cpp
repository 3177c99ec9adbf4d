// A module's own initial values, drawn from a copy of the numbers: the next module would draw the same.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct scaled {
    pm::nn::linear<2, 2> inner;
    constexpr auto forward(auto x) const { return inner(x); }
#ifdef MISTAKE
    void initialize(pm::random numbers) { inner.weight.initialize(numbers, 0.1); }
#else
    void initialize(pm::random& numbers) { inner.weight.initialize(numbers, 0.1); }
#endif
};
BOOST_HANA_ADAPT_STRUCT(scaled, inner);

auto f() {
    return pm::make<scaled>(
        pm::seed{0});  // error: initialize: initialize of scaled must be public and take a reference to the numbers that are drawn: write `void initialize(pm::random& numbers)`
}
