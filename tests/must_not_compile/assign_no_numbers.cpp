// An array of something else than numbers assigned to a tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

struct colour {};
#ifdef MISTAKE
using array = xt::xtensor<colour, 1>;
#else
using array = xt::xtensor<double, 1>;
#endif
void f(pm::tensor<pm::shape<2>>& t, array const& a) {
    t = a;  // error: assignment: the elements must be numbers
}
