// A reduction of xtensor on a tensor that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x *
               xt::sum(
                   x,
                   {0});  // error: xt::sum takes arrays, not a tensor of a network: in forward write pm::sum<axis>(x)
#else
        return x * pm::sum<0>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
