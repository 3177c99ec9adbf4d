// A stage whose forward is a member that is not static.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    constexpr auto forward(auto x) const { return pm::exp(x); }
#else
    static constexpr auto forward(auto x) { return pm::exp(x); }
#endif
};
// error: parametrization: forward of stage must be static, as a stage holds no values
pm::nn::linear<4, 4, pm::weight<stage>> layer{pm::seed{0}};
