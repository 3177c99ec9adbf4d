// A lambda that holds a number, which tracing cannot see.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

void f([[maybe_unused]] float factor, xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
#ifdef MISTAKE
    auto const scale =
        pm::function([factor](auto a) { return a * factor; });  // error: function: the function must not capture
#else
    auto const scale = pm::function([](auto a) { return a * 3; });
#endif
    static_cast<void>(scale(x));
}
