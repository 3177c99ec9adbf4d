// A weight that has no way back, and a projection that reports by a status.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

struct positive {
    static constexpr auto forward(auto x) { return pm::exp(x); }
#ifndef MISTAKE
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#endif
};
pm::status f(pm::tensor<pm::shape<3>, pm::chain<positive>>& t, xt::xtensor_fixed<float, xt::xshape<3>> const& a) {
    return t.try_project(
        a);  // error: try_project: positive, a stage of this tensor's chain, has no right_inverse; add one, or write original() instead
}
