// An array of another shape than was named.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/add.hpp>

namespace pm = paramorph;

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

void f([[maybe_unused]] array<3, 2> const& x, [[maybe_unused]] array<2, 3> const& y) {
    auto const twice = pm::function<pm::shape<2, 3>>([](auto a) { return a + a; });
#ifdef MISTAKE
    static_cast<void>(
        twice(x));  // error: function: an input has another shape than was named: [3, 2] is given, [2, 3] was named
#else
    static_cast<void>(twice(y));
#endif
}
