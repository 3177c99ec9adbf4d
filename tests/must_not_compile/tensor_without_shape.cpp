// A tensor whose first argument is no shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr bool parametrized = pm::tensor<
    float>::parametrized;  // error: tensor: the first argument must be a shape, as in tensor<pm::shape<2, 3>>
#else
constexpr bool parametrized = pm::tensor<pm::shape<2>>::parametrized;
#endif
static_assert(!parametrized);
