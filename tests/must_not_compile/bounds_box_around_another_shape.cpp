// A box around an input that has another number of elements than its shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/prove.hpp>

namespace pm = paramorph;

constexpr float input[]{1, 2, 3};
#ifdef MISTAKE
// error: box: around: the input has another number of elements than the box's shape: 3 instead of 4
constexpr auto box = pm::box<pm::shape<4>>::around(input, 0.5);
#else
constexpr auto box = pm::box<pm::shape<3>>::around(input, 0.5);
#endif
static_assert(box.lower[0] <= 0.5);
