// A lambda whose parameter is an array: it is traced, so its parameters must be generic.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<2>>;

float f(array const& x) {
#ifdef MISTAKE
    auto const twice = pm::function([](array const& a) { return a; });
#else
    auto const twice = pm::function([](auto a) { return a + a; });
#endif
    return twice(x)(
        0);  // error: function: the function does not take 1 traced tensor: its parameters must be auto, write [](auto a) { ... }
}
