// Of a number whose sum is zero none is free.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/sum_to_zero.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<>;  // error: sum_to_zero: a row must have at least two numbers, of which all but one are free: the tensor is []
#else
using shape = pm::shape<2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::sum_to_zero>, shape>);
