// A layer has no state that could come closer to another one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using cell =
    pm::nn::linear<3, 3, pm::weight<pm::param::contracting<0.5>>>;  // error: contraction: the network has no input 1
#else
using cell = pm::parametrize<pm::nn::rnn_cell<3, 3>, pm::at<"weight_hh", pm::param::contracting<0.5>>>;
#endif
static_assert(pm::contraction<cell>);
