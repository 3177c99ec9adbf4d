// log_abs_det<P>(x) and value_and_log_abs_det<P>(x) of an array x: a number, and a std::tuple of the value and that
// number, by one program as pm::function compiles it; of several where P has several originals. x is xt::xtensor_fixed;
// for other arrays and for gradients write the traced one in pm::function or pm::value_and_grad, see
// parametrize/log_abs_det.hpp.
//
//     xt::xtensor_fixed<double, xt::xshape<3>> x{0.1, 0.2, 0.3};
//     auto const [y, log_det] = pm::value_and_log_abs_det<pm::param::ordered>(x);
//
// Cost: that of the traced one, in one compiled program (parametrize/log_abs_det.hpp). Source:
// torch.distributions.transforms.Transform.log_abs_det_jacobian.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/function.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class P, array_expression... X>
    requires(sizeof...(X) > 0)
auto log_abs_det(X const&... x) {
    return function([](auto... original) { return log_abs_det<P>(original...); })(x...);
}
template <class P, array_expression... X>
    requires(sizeof...(X) > 0)
auto value_and_log_abs_det(X const&... x) {
    return function([](auto... original) { return value_and_log_abs_det<P>(original...); })(x...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
