// A network on a target that does not say what its input is.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/network.hpp>
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::relu>;
inline constexpr pm::network_values<model> values{};
constexpr pm::frozen<values> net;

pm::status f(float (&x)[3], float (&y)[3], std::span<std::byte> workspace) {
#ifdef MISTAKE
    return net(x, y, workspace);  // error: call: the network does not state the shape of its input
#else
    return net.at<pm::shape<3>>(x, y, workspace);
#endif
}
