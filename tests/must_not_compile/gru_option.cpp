// An option of a recurrent layer that is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::gru<5, 3, pm::nn::relu>;
#else
using layer = pm::nn::gru<5, 3, pm::no_bias>;
#endif
[[maybe_unused]] constexpr int parameters = pm::parameter_count<layer>;  // error: gru: an option must be one of pm::num_layers<n>, pm::bidirectional, pm::batch_first, pm::dropout<p>, pm::no_bias, pm::element_type<T>
