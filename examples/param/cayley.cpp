// cayley behind skew: a weight that is a rotation, whatever an optimizer does to its original.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/cayley.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;

int main() {
    using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
    pm::tensor<pm::shape<2, 2>, rotation> w;
    w = matrix{{0.6f, -0.8f}, {0.8f, 0.6f}};
    w.original()(0, 1) = 2;  // as a step of an optimizer would
    auto const y = w();
    float const length = y(0, 0) * y(0, 0) + y(1, 0) * y(1, 0), angle = y(0, 0) * y(0, 1) + y(1, 0) * y(1, 1);
    pm::status const refused = w.try_assign(matrix{{-1, 0}, {0, -1}});  // half a turn: no Cayley map makes it
    std::printf("columns: length %g, product %g; half a turn: %s\n", double(length), double(angle), refused.failed);
    return std::abs(length - 1) < 1e-6f && std::abs(angle) < 1e-6f && !refused.ok() ? 0 : 1;
}
