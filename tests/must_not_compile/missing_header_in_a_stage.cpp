// A function whose header is not included: the error is on that line, and nothing is said of forward.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifndef MISTAKE
#include <paramorph/op/softplus.hpp>
#endif
struct stage {
    static constexpr auto forward(auto x) { return x + pm::softplus(x); }  // error: softplus
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
