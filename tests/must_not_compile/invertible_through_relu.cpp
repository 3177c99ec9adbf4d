// A network whose activation gives one number for many.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using activation = pm::nn::relu;
#else
using activation = pm::nn::leaky_relu<>;
#endif
using turn = pm::nn::linear<4, 4, pm::weight<pm::param::orthogonal<>>>;
using network = pm::nn::sequential<turn, activation, turn>;
static_assert(pm::proved<pm::claim::invertible, network>);  // error: 1 (relu) gives one number for many
