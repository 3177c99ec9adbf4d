// The difference of two networks of which neither is in float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<2, 2>;
inline constexpr pm::network_values<network> values{{1, 0, 0, 1, 0, 0}};
constexpr auto a = pm::quantize<values>();
#ifdef MISTAKE
constexpr auto b = pm::quantize<values>();
#else
constexpr pm::frozen<values> b;
#endif
// error: difference: both networks are in eight bits; compare each with the float network
[[maybe_unused]] constexpr auto d = pm::difference(a, b, pm::box<pm::shape<2>>::of(-1, 1));
