// A bias that is parametrized, and left out.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/positive.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::linear<2, 3, pm::no_bias, pm::bias<pm::param::positive>>;
#else
using layer = pm::nn::linear<2, 3, pm::bias<pm::param::positive>>;
#endif
[[maybe_unused]] constexpr int parameters = pm::parameter_count<layer>;  // error: linear: the same option twice: no_bias and bias<
