// An interval whose ends are in the wrong order.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/sets.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using unit = pm::set::interval<1, 0>;  // error: interval: the lower end must not exceed the upper end
#else
using unit = pm::set::interval<0, 1>;
#endif
[[maybe_unused]] constexpr bool included = pm::subset<unit, pm::set::nonnegative>;
