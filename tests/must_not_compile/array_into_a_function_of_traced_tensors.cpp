// An operation of the library, of an array.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
#ifdef MISTAKE
    return pm::softmax(
        x);  // error: softmax: it takes a traced tensor, as the x of forward(auto x), and is given an array, float [4]: write pm::function([](auto x) { return pm::softmax(x); })(array); in a loss or a forward write net.weight in place of net.weight()
#else
    return pm::function([](auto y) { return pm::softmax(y); })(x);
#endif
}
