// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: reductions, products,
// log_softmax and pick between fused loops.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/compare.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

constexpr auto reductions = [](auto x) {
    return std::tuple{pm::sum<0>(x * x), pm::mean<1>(x) * 2.0, pm::max<1>(x * x),
                      pm::max<0>(x),     pm::sum(x),           pm::mean<-1>(pm::tanh(x)) * pm::max(x)};
};
constexpr auto layer = [](auto x, auto w, auto b) { return pm::tanh(pm::matmul(x, pm::transpose(w)) + b); };
constexpr auto cross_entropy = [](auto x, auto t) { return -pm::mean(pm::pick(pm::log_softmax<1>(x), t)); };
constexpr auto required = [](auto x) { return pm::require(x * 2.0, x > 0, "x must be positive"); };

}  // namespace

TEMPLATE_TEST_CASE("kernel: reductions", "", (pm::shape<1, 1>), (pm::shape<5, 9>)) {
    test::expect_agreement<float, TestType>(reductions);
}
TEST_CASE("kernel: products with vectors") {
    test::expect_agreement<float, pm::shape<9>, pm::shape<9, 5>>([](auto a, auto b) { return pm::matmul(a, b); });
    test::expect_agreement<float, pm::shape<5, 9>, pm::shape<9>>([](auto a, auto b) { return pm::matmul(a, b); });
}
TEST_CASE("kernel: a linear layer") {
    test::expect_agreement<float, pm::shape<5, 9>, pm::shape<8, 9>, pm::shape<8>>(layer);
    test::expect_agreement<double, pm::shape<33, 5>, pm::shape<1, 5>, pm::shape<1>>(layer);
}
TEST_CASE("kernel: cross entropy with labels") {
    test::expect_agreement<float, pm::shape<9, 3>, test::labels<pm::shape<9>>>(cross_entropy);
}
TEST_CASE("kernel: a label out of range and a requirement fail the status") {
    using P = test::value_program_of<decltype(cross_entropy), float, pm::shape<2, 3>, test::labels<pm::shape<2>>>;
    auto const r = test::run_kernel<P, float>({{1, 2, 3, 4, 5, 6}, {0, 3}});
    REQUIRE_FALSE(r.status.ok());
    CHECK_THAT(std::string(r.status.failed),
               Catch::Matchers::ContainsSubstring("cross_entropy, pick: a label lies outside [0, 3)"));
    using Q = test::value_program_of<decltype(required), float, pm::shape<9>>;
    CHECK(test::run_kernel<Q, pm::simd::best<float>>({{1, 2, 3, 4, 5, 6, 7, 8, 9}}).status.ok());
    CHECK(test::run_kernel<Q, pm::simd::best<float>>({{1, 2, 3, 4, 5, 6, 7, 8, 0}}).status.failed ==
          std::string("x must be positive"));
}
