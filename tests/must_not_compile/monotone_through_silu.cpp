// A network of positive weights whose activation falls somewhere.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using activation = pm::nn::silu;
#else
using activation = pm::nn::softplus;
#endif
using rising = pm::nn::linear<4, 4, pm::weight<pm::param::positive>>;
using network = pm::nn::sequential<rising, activation, rising>;
static_assert(pm::proved<pm::claim::monotone<>, network>);  // error: silu, behind 0.bias, is not known to rise
