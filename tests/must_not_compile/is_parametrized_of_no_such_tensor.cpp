// Asking for a tensor that the module does not have.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
static_assert(!pm::is_parametrized<"scale", pm::nn::linear<3, 3>>());  // error: is_parametrized: the module has no tensor of this name
#else
static_assert(!pm::is_parametrized<"bias", pm::nn::linear<3, 3>>());
#endif
