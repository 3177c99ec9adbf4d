// ordered and positive_ordered: numbers that increase, such as the cut points between ordered categories.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/ordered.hpp>
#include <paramorph/param/positive_ordered.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::ordered>> cut;
    pm::tensor<pm::shape<3>, pm::chain<pm::param::positive_ordered>> scale;
    cut = vector{-1, 0, 2};
    scale = vector{0.5f, 1, 8};
    cut.original()(1) -= 30;  // as a step of an optimizer would: the step between the first two is lost beside 1
    auto const y = cut(), z = scale();
    pm::status const refused = cut.try_assign(vector{1, 0, 2});
    std::printf("%.9g < %.9g < %.9g; in another order: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    return y(0) < y(1) && y(1) < y(2) && 0 < z(0) && z(0) < z(1) && !refused.ok() ? 0 : 1;
}
