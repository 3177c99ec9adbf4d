// A lambda that calls what cannot be evaluated while compiling.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

void f(xt::xtensor_fixed<float, xt::xshape<2>> const& x) {
#ifdef MISTAKE
    auto const twice = pm::function([](auto a) {
        std::puts("called");
        return a + a;
    });
#else
    auto const twice = pm::function([](auto a) { return a + a; });
#endif
    static_cast<void>(twice(x));  // error: function: the function cannot be evaluated while compiling
}
