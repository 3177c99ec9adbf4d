// Numbers in 16 bits are converted by each load, which a stream does not do.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>

namespace pm = paramorph;

using model = pm::nn::linear<2, 4>;
constexpr pm::network_values<model> values{};
#ifdef MISTAKE
constexpr auto network = pm::stored_as<pm::bfloat16, values>();
#else
constexpr pm::frozen<values> network;
#endif
auto f() {
    return sizeof(pm::streaming<decltype(network), 4>);  // error: streaming: on a target a frozen network in its own element type is streamed: pm::streaming<pm::frozen<follower::values>, 32>
}
