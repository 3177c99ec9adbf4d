// mask: a pruned weight. The mask is state: it is written, not trained, and what is masked is zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/mask.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::mask>> w;
    w = vector{0.1f, -2, 3};  // the mask begins as ones
    for (std::size_t k = 0; k < 3; ++k) w.state()(k) = std::abs(w.original()(k)) > 1 ? 1.0f : 0.0f;
    w.original()(0) = 5;  // as a step of an optimizer would
    auto const y = w();
    std::printf("%g %g %g\n", double(y(0)), double(y(1)), double(y(2)));
    return y(0) == 0 && y(1) == -2 && y(2) == 3 ? 0 : 1;
}
