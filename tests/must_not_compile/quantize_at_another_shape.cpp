// A network in eight bits is called with several rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;
inline constexpr pm::network_values<model> numbers{{1, 2, 3, 4, 5, 6}};
constexpr auto net = pm::quantize<numbers>();
static pm::workspace<net> space;

int main() {
    float const x[6]{};
    float y[6];
#ifdef MISTAKE
    return net.at<pm::shape<3, 2>>(x, y, space.bytes).ok();  // error: quantize: a network in eight bits takes one input of the shape that it states
#else
    float const(&row)[2] = reinterpret_cast<float const(&)[2]>(x);
    float(&result)[2] = reinterpret_cast<float(&)[2]>(y);
    return net(row, result, space.bytes).ok();
#endif
}
