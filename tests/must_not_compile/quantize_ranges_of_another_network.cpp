// Fixed scales from ranges of another network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<2, 2>;
#ifdef MISTAKE
using other = pm::nn::linear<2, 2, pm::no_bias>;
#else
using other = network;
#endif
inline constexpr pm::network_values<network> values{{1, 0, 0, 1, 0, 0}};
inline constexpr pm::row_ranges<other> ranges{{1}};
// error: quantize: the ranges are those of another network
[[maybe_unused]] constexpr auto net = pm::quantize<values, ranges>();
