// The gradient of a case by kernels.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/nn/value_and_grad.hpp>

#include "layers.hpp"

template <class Case>
std::vector<double> by_kernels(std::vector<double> const& given) {
    auto net = pm::make<Case>(pm::seed{0});
    auto from = given.begin();
    pm::for_each_tensor(net, [&](auto& t) {
        for (float& x : t.original()) x = static_cast<float>(*from++);
    });
    auto step = pm::value_and_grad(objective, net);
    auto const& gradient = step(xt::xtensor_fixed<float, xt::xshape<>>(1)).gradient.flat();
    return {gradient.begin(), gradient.end()};
}
