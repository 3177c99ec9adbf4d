// Inputs of float and of double in one function.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

void f(xt::xtensor_fixed<float, xt::xshape<2>> const& x,
       [[maybe_unused]] xt::xtensor_fixed<double, xt::xshape<2>> const& y) {
    auto const add = pm::function([](auto a, auto b) { return a + b; });
#ifdef MISTAKE
    static_cast<void>(add(x, y));  // error: function: float and double are mixed: the inputs are float [2], double [2]
#else
    static_cast<void>(add(x, x));
#endif
}
