// exponential: a weight greater than zero over many orders of magnitude; a step of its original is a factor.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/exponential.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<float, xt::xshape<3>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::exponential>> w;
    w = vector{1e-6f, 1, 1e6f};
    for (float& x : w.original()) x -= 1;  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_assign(vector{0, 1, 1});
    std::printf("%g %g %g; 0: %s\n", double(y(0)), double(y(1)), double(y(2)), refused.failed);
    bool good = !refused.ok();
    for (std::size_t k = 0; k < 3; ++k)
        good = good && std::abs(y(k) * std::exp(1.0f) / vector{1e-6f, 1, 1e6f}(k)-1) < 1e-5f;
    return good ? 0 : 1;
}
