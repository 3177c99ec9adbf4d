// A Lipschitz bound of a weight that is divided by an estimate of its norm from below.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using bounded = pm::param::spectral_norm<>;
#else
using bounded = pm::param::lipschitz<1>;
#endif
using network = pm::nn::sequential<pm::nn::linear<4, 4, pm::weight<pm::param::orthogonal<>>>, pm::nn::relu,
                                   pm::nn::linear<4, 2, pm::weight<bounded>>>;
static_assert(pm::proved<pm::claim::lipschitz<1.01>, network>);  // error: no bound of 2.weight: spectral_norm divides
