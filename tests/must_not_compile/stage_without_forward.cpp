// A stage that has no forward.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
#ifdef MISTAKE
    static constexpr auto fowrard(auto x) { return -x; }
#else
    static constexpr auto forward(auto x) { return -x; }
#endif
};
pm::nn::linear<4, 4, pm::weight<stage>>
    layer;  // error: parametrization: stage has no forward: write `static constexpr auto forward(auto x)`
