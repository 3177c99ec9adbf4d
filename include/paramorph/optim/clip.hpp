// Clipping a gradient before an optimizer takes it.
//
//     auto& [value, gradient] = step(x, t);
//     double norm = pm::optim::clip_by_norm(gradient, 1.0);     // all of it times 1 / norm where its norm is above 1
//     pm::optim::clip_by_value(gradient, 0.5);                  // each number within -0.5 and 0.5
//
// clip_by_norm gives the norm that the gradient had, in which every number counts, also those of tensors that do not
// require their gradients; the factor is most / (norm + 1e-6), at most 1, as PyTorch's. The norm is found in double,
// without overflow of a square; where the factor does not fit into the gradient's type, or the norm into double, the
// numbers are clipped all the same (PyTorch: zeros). A gradient that is not finite makes NaN of what it multiplies, as
// in PyTorch: look at the norm before the step. A bound of infinity changes nothing (PyTorch: NaN where the norm is
// infinite). Errors: a bound that is negative or not a number (pm::error), and then nothing is changed. Cost: two
// passes over the gradient for its norm, one more where it is scaled; one by value. No memory. Source: Pascanu et al.
// 2013; torch.nn.utils.clip_grad_norm_, clip_grad_value_.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/cmath.hpp"
#include "paramorph/nn/gradients.hpp"

namespace paramorph::inline PARAMORPH_ABI::optim {

template <class M>
double clip_by_norm(gradients<M>& gradient, double most) {
    if (!(most >= 0)) throw error("clip_by_norm: the largest norm must be a number that is not negative");
    double largest = 0, sum = 0;
    for (auto const g : gradient)
        if (double const a = std::abs(double(g)); !(a <= largest)) largest = a;
    bool const scaled = largest > 0 && std::isfinite(largest);
    for (auto const g : gradient) sum += scaled ? double(g) / largest * (double(g) / largest) : double(g) * double(g);
    double const root = std::sqrt(sum), norm = scaled ? largest * root : root, factor = most / (norm + 1e-6);
    if (std::isinf(most)) return norm;
    using T = typename gradients<M>::value_type;
    if (scaled && factor < std::numeric_limits<T>::min())
        for (auto& g : gradient) g = static_cast<T>(double(g) / largest * (most / (root + 1e-6 / largest)));
    else if (!(factor >= 1))
        gradient *= static_cast<T>(factor);
    return norm;
}

template <class M>
void clip_by_value(gradients<M>& gradient, double most) {
    if (!(most >= 0)) throw error("clip_by_value: the largest value must be a number that is not negative");
    auto const bound = static_cast<typename gradients<M>::value_type>(most);
    for (auto& g : gradient) g = g < -bound ? -bound : g > bound ? bound : g;
}

#define PARAMORPH_CLIPPED                                                                                          \
    "clip_by_norm, clip_by_value: they are given the gradient alone: write auto& [value, gradient] = step(x, t), " \
    "step being of pm::value_and_grad, then clip_by_norm(gradient, 1.0)"
template <class Result, ::paramorph::detail::sentence Says = PARAMORPH_CLIPPED>
    requires requires(Result const& r) { r.gradient; }
double clip_by_norm(Result const&, double) = PARAMORPH_REFUSED(PARAMORPH_CLIPPED);
template <class Result, ::paramorph::detail::sentence Says = PARAMORPH_CLIPPED>
    requires requires(Result const& r) { r.gradient; }
void clip_by_value(Result const&, double) = PARAMORPH_REFUSED(PARAMORPH_CLIPPED);
#undef PARAMORPH_CLIPPED

}  // namespace paramorph::inline PARAMORPH_ABI::optim
