// One bit holds a sign: binary.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/fake_quantize.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::fake_quantize<1>;  // error: fake_quantize: give 2 to 16 bits; for one bit take binary
#else
using stage = pm::param::fake_quantize<2>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
