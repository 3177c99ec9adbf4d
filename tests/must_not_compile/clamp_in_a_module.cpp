// Bounds of clamp that are exchanged, in a module: a number in forward is known only when it is evaluated.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct limited {
#ifdef MISTAKE
    static constexpr auto forward(auto x) { return pm::clamp(x, 1.0, -1.0); }
#else
    static constexpr auto forward(auto x) { return pm::clamp(x, -1.0, 1.0); }
#endif
};
using net = pm::nn::sequential<pm::nn::linear<2, 2>, limited>;
auto use(net const& n, xt::xtensor_fixed<float, xt::xshape<1, 2>> const& x) {
    return n(x);  // error: clamp: the lower bound is 1 and the upper one -1: clamp(x, low, high) takes the lower bound first
}
