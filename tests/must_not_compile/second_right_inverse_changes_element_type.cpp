// A second stage whose right_inverse gives another element type.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-25
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) { return x * 2.0; }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto y) {
        return pm::symbol<typename decltype(y)::shape_type, double>{y.traced, y.id};
    }
#else
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
#endif
};
void f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric, stage>>& layer,
       xt::xtensor_fixed<float, xt::xshape<3, 3>> const& a) {
    layer.weight = a;  // error: parametrization: right_inverse must not change the element type
}
