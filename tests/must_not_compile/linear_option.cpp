// An option of linear that is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct symmetric {
    static constexpr auto forward(auto x) { return x; }
};
#ifdef MISTAKE
using layer = pm::nn::linear<3, 3, symmetric>;
#else
using layer = pm::nn::linear<3, 3, pm::weight<symmetric>>;
#endif
static_assert(
    pm::parameter_count<layer> ==
    12);  // error: linear: an option must be pm::weight<stages...>, pm::bias<stages...>, pm::no_bias or pm::element_type<T>
