// A network with float and double weights.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using last = pm::nn::linear<4, 2, pm::element_type<double>>;
#else
using last = pm::nn::linear<4, 2>;
#endif
using model = pm::nn::sequential<pm::nn::linear<3, 4>, last>;
static_assert(sizeof(pm::module_value_type<model>) ==
              4);  // error: module: float and double tensors are mixed; use one element type for a whole network
