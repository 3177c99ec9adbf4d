// A correction of rank 0.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/lora.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::lora<0>;  // error: lora: the rank must be positive and at most the number of rows and of columns of a matrix: rank 0 of [
#else
using stage = pm::param::lora<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
