// A weight assigned through the view of a network for inference.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

using layer = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>;
void f(layer& m, xt::xtensor_fixed<float, xt::xshape<3, 3>> const& a) {
#ifdef MISTAKE
    auto view = pm::inference(m);
    pm::get<"weight">(view) =
        a;  // error: assignment: this tensor is const, because its network is, or a view of it for inference
#else
    pm::get<"weight">(m) = a;
#endif
}
