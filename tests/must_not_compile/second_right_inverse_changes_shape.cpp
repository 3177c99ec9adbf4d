// A second stage whose right_inverse gives another shape.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-25
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/view.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return x * 2.0; }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto y) { return pm::slice<0, 0, 2>(y); }
#else
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
#endif
};
void f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric, stage>>& layer,
       xt::xtensor_fixed<float, xt::xshape<3, 3>> const& a) {
    layer.weight = a;  // error: parametrization: right_inverse of a stage after the first must not change the shape
}
