// The axis of a softmax as an argument.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::softmax(x, 1);  // error: axes are template arguments: write pm::softmax<1>(x)
#else
        return pm::softmax<1>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
