// A claim whose cells are halved more often than they can be numbered.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/prove.hpp>

namespace pm = paramorph;

constexpr auto box = pm::box<pm::shape<1>>::of(-1, 1);
#ifdef MISTAKE
using claimed = pm::claim::within<box, -1, 3, 63>;
#else
using claimed = pm::claim::within<box, -2, 4, 6>;
#endif
static_assert(claimed::statement().view().size() > 0);  // error: within: a cell is halved from 0 to 62 times
