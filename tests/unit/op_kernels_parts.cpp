// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: what is joined and padded,
// copied or written in place, at shapes around the vector widths.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/stack.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

constexpr auto joined = [](auto x, auto y) {
    return std::tuple{pm::concatenate<1>(x * 2.0, y, x), pm::stack<1>(x, x * x) * 3.0,
                      pm::concatenate<0>(pm::transpose(y) * 1.5, pm::transpose(y)), pm::pad<1, 2, 1>(x * x)};
};
// Loops of every kind that write into a larger tensor: by rows, by tiles, with masks, over merged axes, and sums.
constexpr auto in_place = [](auto x, auto y) {
    auto const below = pm::concatenate<0>(pm::sum<1>(x * x), pm::sum<0>(y), pm::diagonal(x) * 2.0);
    return std::tuple{pm::concatenate<1>(x * 2.0, pm::transpose(y) * x, pm::triu(x) + pm::transpose(pm::triu<1>(x))),
                      below * 3.0, pm::pad<0, 1, 2>(pm::pad<1, 3, 1>(pm::tril(x) * 0.5))};
};
constexpr auto in_place_deep = [](auto x) {
    return std::tuple{pm::concatenate<1>(x * 2.0, x * x), pm::concatenate<2>(x + 1.0, pm::permute<0, 2, 1>(x) * 3.0),
                      pm::stack<0>(x * 0.5, pm::matmul(x, x)), pm::stack<2>(x * x * x, x - 1.0)};
};
// Their cotangents are parts of one tensor: side by side, with zeros around them, in another order, one above the
// other.
constexpr auto taken_apart = [](auto x, auto y) {
    return std::tuple{pm::slice<1, 0, 3>(x) * pm::slice<1, 3, 6>(x) * pm::slice<1, 6, 9>(x),
                      pm::slice<1, 4, 5>(y) * pm::slice<1, 1, 2>(y) + pm::slice<1, 3, 4>(y) * pm::slice<1, 2, 3>(y)};
};
constexpr auto taken_apart_deep = [](auto x) {
    return pm::select<0, 2>(x) * pm::select<0, 1>(x) + pm::select<0, 0>(x) * pm::select<0, 4>(x) * pm::select<0, 3>(x);
};
}  // namespace

TEST_CASE("kernel: concatenate, stack and pad") {
    test::expect_agreement<float, pm::shape<1, 1>, pm::shape<1, 2>>(joined);
    test::expect_agreement<float, pm::shape<5, 9>, pm::shape<5, 8>>(joined);
    test::expect_agreement<double, pm::shape<16, 4>, pm::shape<16, 17>>(joined);
}
TEMPLATE_TEST_CASE("kernel: parts are written in place", "", (pm::shape<8, 8>), (pm::shape<19, 19>)) {
    test::expect_agreement<float, TestType, TestType>(in_place);
}
TEST_CASE("kernel: parts of rank three are written in place") {
    test::expect_agreement<float, pm::shape<3, 5, 5>>(in_place_deep);
    test::expect_agreement<double, pm::shape<2, 8, 8>>(in_place_deep);
}
TEST_CASE("kernel: a part that is named twice is in both places") {
    test::expect_agreement<double, pm::shape<2, 3>, pm::shape<2, 3>>([](auto x, auto y) {
        auto const twice = x * 2.0;
        return std::tuple{pm::concatenate<0>(twice, y, twice), pm::stack<1>(y * x, y * x)};
    });
}
TEST_CASE("kernel: what was taken apart is put together, in the gradient") {
    test::expect_agreement<float, pm::shape<8, 9>, pm::shape<8, 6>>(taken_apart);
    test::expect_agreement<double, pm::shape<1, 9>, pm::shape<1, 6>>(taken_apart);
    test::expect_agreement<float, pm::shape<5, 3, 7>>(taken_apart_deep);
    test::expect_gradient<pm::shape<2, 9>, pm::shape<2, 6>>(taken_apart);
    test::expect_gradient<pm::shape<5, 2, 3>>(taken_apart_deep);
}
