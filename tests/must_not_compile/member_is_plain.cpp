// A flag that forward reads, set at run time: forward is traced while compiling, on a default-constructed object.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct optional_layer {
#ifdef MISTAKE
    bool deep = true;
#else
    static constexpr bool deep = true;
#endif
    pm::nn::linear<3, 3> first, second;
    constexpr auto forward(auto x) const {
        auto const y = first(x);
        return deep ? second(y) : second(x);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(optional_layer, first, second);
auto f() {
    return pm::make<optional_layer>(
        pm::seed{0});  // error: module: optional_layer has 3 members, its BOOST_HANA_ADAPT_STRUCT lists 2, and one of the others is neither
}
