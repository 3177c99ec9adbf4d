// Rows that a tensor does not have: an index of a gate in place of rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using part = pm::rows<8, 12>;  // error: rows: the tensor has no such rows: it is [8, 4], pm::rows<8, 12> takes those from 8 to 11
#else
using part = pm::rows<4, 8>;
#endif
using layer = pm::parametrize<pm::nn::linear<4, 8>, pm::at<"weight", part, pm::param::symmetric>>;
auto f(layer const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);
}
