// A summary for an array whose extents are known at run time only.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/print/summary.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 2> const& net, [[maybe_unused]] xt::xtensor<float, 2> const& x) {
#ifdef MISTAKE
    return pm::summary(net, x);  // error: summary: an input must be an array of static shape
#else
    return pm::summary(net, pm::input<pm::shape<8, 3>>{});
#endif
}
