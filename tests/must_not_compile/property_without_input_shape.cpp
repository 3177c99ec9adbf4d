// A property of a network that does not state the shape of its input.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
static_assert(pm::monotone<pm::nn::relu>);  // error: properties: relu does not state the shape of its input
#else
static_assert(pm::monotone<pm::called_with<pm::nn::relu, pm::shape<8>>>);
#endif
