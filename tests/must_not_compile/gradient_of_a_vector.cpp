// The gradient of a function that gives one number for each input.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

void f(xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
#ifdef MISTAKE
    auto const g = pm::value_and_grad([](auto a) { return a; });
#else
    auto const g = pm::value_and_grad([](auto a) { return pm::sum(a); });
#endif
    static_cast<void>(
        g(x));  // error: value_and_grad: the loss must be a scalar; reduce it with pm::mean or pm::sum: it is [2]
}
