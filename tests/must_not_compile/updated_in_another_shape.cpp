// A stage whose state becomes a tensor of another shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/add.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

struct moving {
    template <class Shape>
    using state = pm::states<pm::state<"mean", Shape>>;
    static constexpr auto forward(auto x, auto mean) {
#ifdef MISTAKE
        return pm::updated(x + mean, pm::slice<0, 0, 1>(x));
#else
        return pm::updated(x + mean, x);
#endif
    }
};
auto f(pm::nn::linear<3, 3, pm::weight<moving>> const& layer) {
    return layer.weight();  // error: parametrization: pm::updated must give each tensor of state in its own shape; that of moving gives [1, 3] instead of [3, 3]
}
