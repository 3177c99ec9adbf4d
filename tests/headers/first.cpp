// One of two translation units that include everything and call the same layer: linking them finds what is defined
// twice, running them whether both have the same program for it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

using layer = paramorph::nn::linear<3, 3, paramorph::weight<paramorph::param::symmetric>>;
using row = xt::xtensor_fixed<float, xt::xshape<3>>;

row second(layer const& net, row const& x);

int main() {
    layer const net{paramorph::seed{0}};
    row const x{1, 2, 3};
    return net(x) == second(net, x) ? 0 : 1;
}
