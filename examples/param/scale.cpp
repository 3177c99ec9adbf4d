// scale<factor>: a factor, as a stage of a chain: here a weight whose numbers are all above zero, times -3.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/scale.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    using negative = pm::chain<pm::param::positive, pm::param::scale<-3>>;
    pm::tensor<pm::shape<3>, negative> w;
    w = vector{-3, -6, -0.3f};
    w.original()(0) += 100;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(vector{3, -6, -0.3f});
    std::printf("%g %g %g; 3: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    return y(0) < -300 && std::abs(y(1) + 6) < 1e-5f && !refused.ok() ? 0 : 1;
}
