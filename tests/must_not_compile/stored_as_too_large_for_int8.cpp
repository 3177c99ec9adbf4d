// A weight so large that 127 scales of its row are no float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;

#ifdef MISTAKE
inline constexpr float number = -3.4028234e38f;
#else
inline constexpr float number = -3.4028e38f;
#endif
inline constexpr pm::network_values<model> numbers{{1, number, 3, 4, 0.5f, 0.25f}};
constexpr auto net = pm::stored_as<std::int8_t, numbers>();  // error: stored_as: a number of the network is beyond the largest of std::int8_t with a scale; scale the weights
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
