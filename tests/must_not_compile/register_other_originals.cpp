// A chain of several originals without right_inverse: the one original there is cannot become them.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

struct product {
    template <class Shape>
    using original_shapes = pm::shapes<Shape, Shape>;
    static constexpr auto forward(auto a, auto b) { return pm::matmul(a, b); }
#ifndef MISTAKE
    static constexpr auto right_inverse(auto w) { return pm::originals(w, w); }
#endif
};
auto f(pm::nn::linear<3, 3> const& layer) {
    return pm::register_parametrization<pm::weight<product>>(
        layer);  // error: register_parametrization: the new chain has other originals, so these cannot be left; there is no other way to begin them, as product has no right_inverse: add one
}
