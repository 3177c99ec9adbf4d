// A weight that is NaN, in bfloat16.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;

#ifdef MISTAKE
inline constexpr float number = std::numeric_limits<float>::quiet_NaN();
#else
inline constexpr float number = 0;
#endif
inline constexpr pm::network_values<model> numbers{{1, number, 3, 4, 0.5f, 0.25f}};
constexpr auto net = pm::stored_as<pm::bfloat16, numbers>();  // error: stored_as: a number of the network is not finite (NaN or infinity)
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
