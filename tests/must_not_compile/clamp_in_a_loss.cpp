// Bounds of clamp that are exchanged, in a loss.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using net = pm::nn::linear<2, 1>;
auto use(net& n, xt::xtensor_fixed<float, xt::xshape<1, 2>> const& x) {
#ifdef MISTAKE
    auto const loss = [](auto& n, auto x) { return pm::sum(pm::clamp(n(x), 0.5, 0.25)); };
#else
    auto const loss = [](auto& n, auto x) { return pm::sum(pm::clamp(n(x), 0.25, 0.5)); };
#endif
    auto step = pm::value_and_grad(loss, n);
    return step(x).value;  // error: clamp: the lower bound is 0.5 and the upper one 0.25: clamp(x, low, high)
}
