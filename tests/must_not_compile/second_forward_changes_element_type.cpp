// A second stage whose forward gives another element type.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-24
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    static constexpr auto forward(auto x) {
        return pm::symbol<typename decltype(x)::shape_type, double>{x.traced, x.id};
    }
#else
    static constexpr auto forward(auto x) { return x * 2.0; }
#endif
};
pm::nn::linear<3, 3, pm::weight<pm::param::symmetric, stage>> layer;  // error: parametrization: forward must not change the element type
