// The size of a traced tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x / x.size();  // error: a traced tensor has its extents in its type: write pm::extents_of<decltype(x)>.size()
#else
        return x / pm::extents_of<decltype(x)>.size();
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
