// An array whose extents are known at run time, without its shape being named.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

void f(xt::xtensor<float, 2> const& x) {
#ifdef MISTAKE
    auto const twice = pm::function([](auto a) { return a + a; });
#else
    auto const twice = pm::function<pm::shape<2, 3>>([](auto a) { return a + a; });
#endif
    static_cast<void>(twice(
        x));  // error: function: the shapes of inputs must be static: give xt::xtensor_fixed, or name the shapes, as in pm::function<pm::shape<64, 64>>(f)
}
