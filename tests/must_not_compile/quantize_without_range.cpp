// Fixed scales for a box whose rows nothing bounds.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<2, 2>;
inline constexpr pm::network_values<network> values{{1, 0, 0, 1, 0, 0}};
#ifdef MISTAKE
constexpr double most = 1e39;
#else
constexpr double most = 1;
#endif
constexpr auto inputs = pm::box<pm::shape<2>>::of(-most, most);
// error: quantize: nothing bounds what a weight multiplies, so it has no fixed scale: a range is not finite
[[maybe_unused]] constexpr auto net = pm::quantize<values, inputs>();
