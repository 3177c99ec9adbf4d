// A function of two inputs is given one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

float f(xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
    auto const add = pm::function([](auto a, auto b) { return a + b; });
#ifdef MISTAKE
    return add(x)(0);  // error: function: the function takes 2 inputs, and 1 is given
#else
    return add(x, x)(0);
#endif
}
