// A stage whose forward takes an array of numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct of_arrays {
    static auto forward(xt::xtensor<float, 2> const& x) { return x; }
};
struct of_tensors {
    static constexpr auto forward(auto x) { return x; }
};
#ifdef MISTAKE
pm::nn::linear<2, 3, pm::weight<of_arrays>> layer;  // error: forward of of_arrays does not take traced tensors
#else
pm::nn::linear<2, 3, pm::weight<of_tensors>> layer;
#endif
