// Groups of four do not fill a row of seven.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/pruned.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::pruned<2, 4>;  // error: pruned: the last extent of the tensor must be a multiple of 4: it is [2, 7]
#else
using stage = pm::param::pruned<3, 7>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 7>>);
