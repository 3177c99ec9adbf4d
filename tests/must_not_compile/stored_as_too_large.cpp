// A weight beyond the largest float16.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;

#ifdef MISTAKE
inline constexpr float number = -65520;
#else
inline constexpr float number = -65519;
#endif
inline constexpr pm::network_values<model> numbers{{1, number, 3, 4, 0.5f, 0.25f}};
constexpr auto net = pm::stored_as<pm::float16, numbers>();  // error: stored_as: a number of the network is beyond the largest of pm::float16, 65504; pm::bfloat16 has the range of float
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
