// A module that is made within a checkpoint has no tensors of the network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto f(xt::xtensor_fixed<float, xt::xshape<4, 3>> const& x, xt::xtensor_fixed<float, xt::xshape<3>> const& w) {
    return pm::function([](auto y, [[maybe_unused]] auto weight) {
#ifdef MISTAKE
        // error: checkpoint: the function cannot be evaluated while compiling, of
        return pm::checkpoint([](auto z) { return pm::nn::layer_norm<pm::shape<3>>{}(z); }, y);
#else
        return pm::checkpoint([](auto z, auto v) { return z * v; }, y, weight);
#endif
    })(x, w);
}
