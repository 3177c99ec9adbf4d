// Writing to the value of a parametrized tensor, which is computed and const. The sentence is the compilers'.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-e
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

void f(pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>& layer,
       xt::xtensor_fixed<float, xt::xshape<3, 3>> const& a) {
#ifdef MISTAKE
    layer.weight() = a;
    // error(gcc): discards qualifiers
    // error(clang): no viable overloaded '='
#else
    layer.weight = a;
#endif
}
