// A second original of a tensor that has one.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

using layer = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>;
#ifdef MISTAKE
using option = pm::at<"weight.original1", pm::param::symmetric>;
#else
using option = pm::at<"weight.original", pm::param::symmetric>;
#endif
pm::parametrize<layer, option> later;  // error: parametrize: the tensor has no original of this name
