// A layer without bias, whose bias is parametrized.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/positive.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::linear<3, 3, pm::no_bias>;
#else
using layer = pm::nn::linear<3, 3>;
#endif
pm::parametrize<layer, pm::bias<pm::param::positive>> later;  // error: parametrize: the module has no tensor of this name
