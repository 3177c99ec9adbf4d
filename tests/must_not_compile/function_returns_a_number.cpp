// A lambda that gives a number of its own.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

void f(xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
#ifdef MISTAKE
    auto const g = pm::function([](auto) { return 1.0; });
#else
    auto const g = pm::function([](auto a) { return pm::sum(a); });
#endif
    static_cast<void>(g(x));  // error: function: the function must return one traced tensor, or a std::tuple of several
}
