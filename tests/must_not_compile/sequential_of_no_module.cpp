// A member of sequential that is no module.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using middle = double;
#else
using middle = pm::nn::tanh;
#endif
using model = pm::nn::sequential<pm::nn::linear<3, 3>, middle>;
[[maybe_unused]] constexpr int parameters = pm::parameter_count<model>;  // error: double, is neither a tensor nor a module; forward, traced while compiling, would not see it
