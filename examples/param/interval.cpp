// interval<low, high>: a weight that stays between two numbers, however far its original goes.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/interval.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::interval<-1, 2>>> w;
    w = vector{-0.5f, 0, 1.5f};
    w.original()(0) = -1000, w.original()(2) = 1000;
    auto const y = w();
    pm::status const refused = w.try_assign(vector{0, 1, 2});
    // By Stan's name, <lower=-1, upper=2>; the original of the middle is 0.
    static_assert(std::is_same_v<pm::param::lower_upper<-1, 2>, pm::param::interval<-1, 2>>);
    pm::tensor<pm::shape<3>, pm::chain<pm::param::lower_upper<-1, 2>>> middle;
    middle = vector{0.5f, 0.5f, 0.5f};
    bool const halfway = std::abs(middle.original()(0)) < 1e-6f;
    std::printf("%g %g %g; 2: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    return y(0) >= -1 && std::abs(y(1)) < 1e-6f && y(2) <= 2 && !refused.ok() && halfway ? 0 : 1;
}
