// A controller with a Lipschitz constant by its type, but for a weight that may be of any size.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using hidden = pm::nn::linear<2, 8>;
#else
using hidden = pm::nn::linear<2, 8, pm::weight<pm::param::interval<0, 1>>>;
#endif
using output = pm::nn::linear<8, 1, pm::weight<pm::param::interval<0, 1>>>;
using controller = pm::nn::sequential<hidden, pm::nn::tanh, output, pm::nn::tanh>;
static_assert(
    pm::proved<pm::claim::lipschitz<12>,
               controller>);  // error: lipschitz: not proved: no norm of 0.weight is known, for its set is real
