// A smoothing given as a number in place of an option.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using option = pm::shape<10>;
#else
using option = pm::label_smoothing<0.1>;
#endif
auto f(xt::xtensor_fixed<float, xt::xshape<4, 3>> const& z, xt::xtensor_fixed<std::int32_t, xt::xshape<4>> const& l) {
    return pm::function([](auto a, auto b) {
        return pm::cross_entropy<option>(
            a, b);  // error: cross_entropy: an option must be pm::ignore_index<label>, pm::label_smoothing<part> or pm::reduction<kind>
    })(z, l);
}
