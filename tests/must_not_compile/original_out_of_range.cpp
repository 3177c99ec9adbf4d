// The second original of a tensor that has one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/exp.hpp>

namespace pm = paramorph;

struct positive {
    static constexpr auto forward(auto x) { return pm::exp(x); }
};
auto f(pm::nn::linear<3, 3, pm::weight<positive>> const& layer) {
#ifdef MISTAKE
    return layer.weight.original<1>();  // error: original: the tensor has no original 1: it has 1, from 0 on
#else
    return layer.weight.original<0>();
#endif
}
