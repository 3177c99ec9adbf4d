// A struct with a constructor, whose members cannot be counted, has one that is not adapted: its size tells.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct scaled {
    constexpr scaled() {}
    pm::nn::linear<3, 3> inner;
#ifdef MISTAKE
    float factor = 2;
#else
    static constexpr float factor = 2;
#endif
    constexpr auto forward(auto x) const { return inner(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(scaled, inner);
auto f() {
    return pm::make<scaled>(pm::seed{0});  // error: module: scaled takes 288 bytes, and the members that its BOOST_HANA_ADAPT_STRUCT lists take at most 280
}
