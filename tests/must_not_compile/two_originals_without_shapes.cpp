// forward takes two originals, whose shapes nothing names.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct two {
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
#ifndef MISTAKE
    template <class>
    using original_shapes = pm::shapes<pm::shape<4>, pm::shape<4>>;
#endif
};
pm::nn::linear<4, 4, pm::weight<two>>
    layer;  // error: parametrization: forward of two takes 2 tensors, given 1 original: originals are what right_inverse gives
