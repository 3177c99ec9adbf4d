// A network on a target is given room for fewer numbers than it gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/network.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

inline constexpr pm::network_values<pm::nn::linear<3, 2>> values{};
constexpr pm::frozen<values> net;

#ifdef MISTAKE
float y[1];
#else
float y[2];
#endif
pm::status f(float (&x)[3], std::span<std::byte> workspace) {
    return net(x, y,
               workspace);  // error: call: an array has another number of elements than the network takes or gives: 1 instead of 2
}
