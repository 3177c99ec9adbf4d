// A matrix has two axes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/fake_quantize.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::fake_quantize<8, 2>;  // error: fake_quantize: a tensor of shape [2, 3] has no axis 2; give 0 to rank - 1, or param::whole_tensor
#else
using stage = pm::param::fake_quantize<8, 1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
