// A controller whose torque may be larger than is claimed.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using controller = pm::nn::sequential<pm::nn::linear<2, 1>, pm::nn::tanh>;
inline constexpr pm::network_values<controller> numbers{{0.5f, 0.25f, 0}};
constexpr pm::frozen<numbers> net;
constexpr auto states = pm::box<pm::shape<2>>::of(-1, 1);
#ifdef MISTAKE
using claimed = pm::claim::within<states, -0.5, 0.5>;
#else
using claimed = pm::claim::within<states, -0.75, 0.75>;
#endif
using network = decltype(net);
static_assert(pm::proved<
              claimed, network>);  // error: not proved for inputs of [-1, 1] x [-1, 1]: element 0 may lie within [-0.63
