// The error of eight bits of a network that is not in its own type.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/storage.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<2, 2>;
inline constexpr pm::network_values<network> values{{1, 0, 0, 1, 0, 0}};
#ifdef MISTAKE
constexpr auto net = pm::stored_as<pm::bfloat16, values>();
#else
constexpr pm::frozen<values> net;
#endif
constexpr auto unit = pm::box<pm::shape<2>>::of(-1, 1);
// error: quantization_error: give a network that is frozen in its own type
[[maybe_unused]] constexpr double error = pm::quantization_error<net, unit>;
