// To keep all is no pruning.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/pruned.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::pruned<4, 4>;  // error: pruned: give n of m with 0 < n < m, and m at most 64
#else
using stage = pm::param::pruned<3, 4>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 4>>);
