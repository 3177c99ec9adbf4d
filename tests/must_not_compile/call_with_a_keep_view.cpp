// A network called with a view that is not contiguous.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3> const& net, xt::xtensor<float, 2> const& x) {
#ifdef MISTAKE
    return net(xt::view(x, xt::all(), xt::keep(0, 2, 3)));  // error: call: give the network an xtensor container
#else
    return net(x);
#endif
}
