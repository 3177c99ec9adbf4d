// On a target the numbers of a network are a constant; a type has none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>

namespace pm = paramorph;

using model = pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>;
constexpr pm::network_values<model> values{};
#ifdef MISTAKE
using network = model;
#else
using network = pm::frozen<values>;
#endif
auto f() {
    return sizeof(pm::streaming<network, 4>);  // error: streaming: a target streams a frozen network, whose numbers are a constant: pm::streaming<pm::frozen<follower::values>, 32>
}
