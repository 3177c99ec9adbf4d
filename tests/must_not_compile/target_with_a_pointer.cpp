// A network on a target is given a pointer.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/network.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

inline constexpr pm::network_values<pm::nn::linear<3, 2>> values{};
constexpr pm::frozen<values> net;

pm::status f(float const* x, float (&y)[2], std::span<std::byte> workspace) {
#ifdef MISTAKE
    return net(x, y, workspace);  // error: a pointer does not say how many numbers it points to
#else
    return net(std::span(x, 3), y, workspace);
#endif
}
