// sphere, ball, grassmannian: rows of a length, rows that are not longer, and subspaces.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/ball.hpp>
#include <paramorph/param/grassmannian.hpp>
#include <paramorph/param/sphere.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using row = xt::xtensor_fixed<float, xt::xshape<2>>;
using frame = xt::xtensor_fixed<float, xt::xshape<3, 2>>;

int main() {
    using namespace pm::param;
    pm::tensor<pm::shape<2>, pm::chain<sphere<5>>> on;
    on = row{3, 4};
    on.original() += 7.0f;  // as a step of an optimizer would
    pm::tensor<pm::shape<2>, pm::chain<pm::param::ball<5>>> in;
    in = row{1, 2};
    in.original() += 1000.0f;
    row const p = on(), q = in();
    pm::tensor<pm::shape<3, 2>, pm::chain<grassmannian<>>> plane;
    plane = frame{{1, 0}, {0, 1}, {0, 0}};
    plane.original()(0, 0) = 3;  // turns nothing within the plane
    frame const before = plane();
    plane.original()(2, 0) = 0.5f;  // turns the plane
    frame const after = plane();
    pm::status const refused = in.try_assign(row{3, 4});
    float const lengths[]{std::hypot(p(0), p(1)), std::hypot(q(0), q(1))};
    std::printf("lengths %g and %g; the frame's first column: (%g, %g, %g); the boundary: %s\n", double(lengths[0]),
                double(lengths[1]), double(after(0, 0)), double(after(1, 0)), double(after(2, 0)), refused.failed);
    return std::abs(lengths[0] - 5) < 1e-5f && lengths[1] > 4.99f && lengths[1] <= 5 && before(0, 0) == 1 &&
                   std::abs(after(2, 0)) > 0.1f && !refused.ok()
               ? 0
               : 1;
}
