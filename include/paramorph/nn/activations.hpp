// Activations as modules: tanh, relu, sigmoid, softplus; elementwise, without tensors of their own.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/tanh.hpp"

namespace paramorph::inline PARAMORPH_ABI::nn {

struct tanh {
    static constexpr auto forward(auto x) { return paramorph::tanh(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct relu {
    static constexpr auto forward(auto x) { return paramorph::relu(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct sigmoid {
    static constexpr auto forward(auto x) { return paramorph::sigmoid(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
struct softplus {
    static constexpr auto forward(auto x) { return paramorph::softplus(x); }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::nn
