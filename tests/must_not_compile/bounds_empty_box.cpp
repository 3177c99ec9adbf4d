// A box whose lower bound lies above its upper one, which would prove everything.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using layer = pm::nn::linear<1, 1>;
inline constexpr pm::network_values<layer> numbers{{2, 1}};
constexpr pm::frozen<numbers> net;
#ifdef MISTAKE
constexpr auto box = pm::box<pm::shape<1>>::of(1, -1);
#else
constexpr auto box = pm::box<pm::shape<1>>::of(-1, 1);
#endif
constexpr auto b = pm::bounds(net, box);  // error: a_box_is_empty_its_lower_bound_lies_above_its_upper_one_or_is_nan
static_assert(b.no_nan());
