// Monotone in an input that the network does not have, which would hold of any.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<4, 4, pm::weight<pm::param::positive>>;
#ifdef MISTAKE
static_assert(pm::monotone<network, 1>);  // error: monotone: the network has no input 1: it has 1 input, from 0 on
#else
static_assert(pm::monotone<network, 0>);
#endif
