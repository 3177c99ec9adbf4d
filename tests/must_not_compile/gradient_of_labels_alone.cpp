// The gradient of a function none of whose inputs is real.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

void f([[maybe_unused]] xt::xtensor_fixed<std::int32_t, xt::xshape<2>> const& t,
       [[maybe_unused]] xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
    auto const g = pm::value_and_grad([](auto a) { return pm::sum(a); });
#ifdef MISTAKE
    static_cast<void>(g(t));  // error: value_and_grad: none of the inputs has a gradient
#else
    static_cast<void>(g(x));
#endif
}
