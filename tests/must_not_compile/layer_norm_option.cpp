// An option of layer_norm that is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/normalization.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::layer_norm<pm::shape<5>, pm::weight<>>;
#else
using layer = pm::nn::layer_norm<pm::shape<5>, pm::no_bias>;
#endif
[[maybe_unused]] constexpr int parameters = pm::parameter_count<layer>;  // error: layer_norm: an option must be pm::no_affine, pm::no_bias, pm::epsilon<number> or
