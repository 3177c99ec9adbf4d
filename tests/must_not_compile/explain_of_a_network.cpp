// A network's type in place of the program of its call.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/kernel/explain.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<4, 4>;

#ifdef MISTAKE
using explained = network;
#else
using explained = pm::program::call_of<network, pm::binding::originals, pm::input<pm::shape<2, 4>>>;
#endif
// error: explain: its argument must be a program, and is
auto text = pm::explain<explained>();
