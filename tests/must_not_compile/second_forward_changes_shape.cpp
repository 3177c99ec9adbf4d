// A second stage whose forward gives another shape.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-24
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/view.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct shorter {
    static constexpr auto forward(auto x) { return pm::slice<0, 0, 2>(x); }
};
#ifdef MISTAKE
using stage = shorter;
#else
using stage = pm::unsafe<shorter>;
#endif
using layer = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>;
pm::parametrize<layer, pm::weight<stage>> later;  // error: parametrization: forward must not change the shape; where it is meant to, write pm::unsafe<stage>
