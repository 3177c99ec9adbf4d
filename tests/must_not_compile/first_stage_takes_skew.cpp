// cayley takes skew matrices; the original of a layer's weight can be any matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/cayley.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using rotation = pm::weight<pm::param::cayley>;  // error: chain: the first stage, cayley, takes skew tensors only
#else
using rotation = pm::weight<pm::param::skew, pm::param::cayley>;
#endif
pm::nn::linear<4, 4, rotation> layer{pm::seed{0}};
