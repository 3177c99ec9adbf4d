// A weight so large that its product with an integer is beyond its type.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;

#ifdef MISTAKE
inline constexpr float number = 3e37f;
#else
inline constexpr float number = 0;
#endif
inline constexpr pm::network_values<model> numbers{{1, 2, number, 4, 0.5f, 0.25f}};
constexpr auto net = pm::quantize<numbers>();  // error: quantize: weights of a channel are so large that a product with integers overflows
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
