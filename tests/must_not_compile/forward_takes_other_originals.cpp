// forward takes two originals, right_inverse gives one.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-19
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

struct split {
    static constexpr auto forward(auto x, auto y) { return x + y; }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto z) { return pm::originals(z); }
#else
    static constexpr auto right_inverse(auto z) { return pm::originals(z * 0.5, z * 0.5); }
#endif
};
pm::nn::linear<3, 3, pm::weight<split>> layer;  // error: parametrization: forward of split takes 2 tensors, given 1 original
