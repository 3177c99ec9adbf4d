// A tensor that is larger than compilers evaluate.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/freeze.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/positive.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int rows = 65;  // error: freeze: a parametrized tensor has more than 64 x 64 elements
#else
constexpr int rows = 3;
#endif
using model = pm::nn::linear<64, rows, pm::weight<pm::param::positive>>;
inline constexpr pm::network_originals<model> originals{};
inline constexpr auto net = pm::freeze<originals>();
