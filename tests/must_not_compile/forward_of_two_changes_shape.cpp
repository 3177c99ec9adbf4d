// A forward of two originals that gives another shape.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-22
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/outer.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

struct product {
#ifdef MISTAKE
    static constexpr auto forward(auto x, auto y) { return pm::outer(y, x); }
#else
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
#endif
    static constexpr auto right_inverse(auto z) { return pm::originals(pm::select<1, 0>(z), pm::select<0, 0>(z)); }
};
pm::nn::linear<2, 3, pm::weight<product>> layer;  // error: parametrization: forward must not change the shape; where it is meant to, write pm::unsafe<stage>
