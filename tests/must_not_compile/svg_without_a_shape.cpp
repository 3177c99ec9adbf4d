// A picture of a network that does not state its input's shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/print/pictures.hpp>

namespace pm = paramorph;

auto f(pm::nn::sequential<pm::nn::tanh> const& net) {
#ifdef MISTAKE
    return pm::to_svg(net);  // error: to_svg: the network does not state its input's shape: give an array
#else
    return pm::to_svg(net, pm::input<pm::shape<2, 3>>{});
#endif
}
