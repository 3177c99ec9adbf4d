// The shapes of two inputs, which the lambda multiplies, do not meet.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/op/matmul.hpp>

namespace pm = paramorph;

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

void f(array<2, 3> const& x, [[maybe_unused]] array<2, 3> const& y, [[maybe_unused]] array<3, 2> const& z) {
    auto const product = pm::function([](auto a, auto b) {
        return pm::matmul(
            a,
            b);  // error: matmul: the columns of the left argument must equal the rows of the right one: [2, 3] times [2, 3]
    });
#ifdef MISTAKE
    static_cast<void>(product(x, y));
#else
    static_cast<void>(product(x, z));
#endif
}
