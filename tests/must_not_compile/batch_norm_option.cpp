// An option of batch_norm that is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/batch_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::batch_norm<5, pm::no_bias>;
#else
using layer = pm::nn::batch_norm<5, pm::epsilon<1e-3>>;
#endif
static_assert(pm::parameter_count<layer> == 10);  // error: batch_norm: an option must be pm::epsilon<number>, pm::momentum<number>, pm::momentum<pm::cumulative>, pm::no_affine or pm::element_type<T>
