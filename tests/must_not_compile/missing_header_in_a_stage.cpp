// A function whose header is not included: it is named, and nothing is said of forward.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifndef MISTAKE
#include <paramorph/op/softplus.hpp>
#endif
struct stage {
    // error: softplus: there is none of 1 traced tensor with these options: include its header, <paramorph/op/softplus.hpp>
    static constexpr auto forward(auto x) { return x + pm::softplus(x); }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
