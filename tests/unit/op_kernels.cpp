// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: elementwise operations,
// broadcasting, triangles and views, at shapes around the vector widths. Every kernel starts from NaN in its workspace
// and outputs, so that whatever is read before it is written shows, and writes no element beyond its outputs.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/where.hpp"

namespace {

// Every elementwise operation of one argument, and those of two or three.
constexpr auto unary = [](auto x) {
    return std::tuple{pm::exp(x) - pm::tanh(x), pm::sigmoid(x) / (1.5 - pm::softplus(-x)),
                      pm::relu(x) + pm::sign(x) * pm::square(x), pm::log(pm::abs(x) + 0.5) * pm::sqrt(x * x + 1),
                      pm::sigmoid(x * -1.75) + pm::expm1(x)};
};
constexpr auto binary = [](auto x, auto y) {
    return std::tuple{(x + y) * (x - y), x / (y * y + 1.0) - pm::where(x > y, x * 2.0, pm::exp(y)), (x < y) * y};
};

}  // namespace

TEMPLATE_TEST_CASE("kernel: elementwise operations", "", (pm::shape<>), (pm::shape<1>), (pm::shape<33>),
                   (pm::shape<2, 3, 5>)) {
    test::expect_agreement<float, TestType>(unary);
}
TEST_CASE("kernel: elementwise operations in double") {
    test::expect_agreement<double, pm::shape<9>>(unary);
}

TEST_CASE("kernel: two arguments, equal shapes") {
    test::expect_agreement<float, pm::shape<3, 9>, pm::shape<3, 9>>(binary);
}
TEST_CASE("kernel: a row is broadcast") {
    test::expect_agreement<float, pm::shape<5, 8>, pm::shape<8>>(binary);
}
TEST_CASE("kernel: a column is broadcast") {
    test::expect_agreement<float, pm::shape<5, 9>, pm::shape<5, 1>>(binary);
}
TEST_CASE("kernel: a scalar is broadcast") {
    test::expect_agreement<double, pm::shape<>, pm::shape<2, 5>>(binary);
}
TEST_CASE("kernel: both arguments are broadcast") {
    test::expect_agreement<float, pm::shape<2, 1, 9>, pm::shape<3, 1>>(binary);
}
