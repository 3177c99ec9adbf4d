// A member of a user's module that is neither tensor nor module.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct scaled {
    pm::nn::linear<3, 3> inner;
#ifdef MISTAKE
    float factor;
#else
    pm::tensor<pm::shape<>> factor;
#endif
};
BOOST_HANA_ADAPT_STRUCT(scaled, inner, factor);
[[maybe_unused]] constexpr int parameters = pm::parameter_count<scaled>;  // error: module: the member factor of scaled, float, is neither a tensor nor a module
