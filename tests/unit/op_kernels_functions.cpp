// Interpreter, scalar kernel and SIMD kernel agree on the elementary functions, powers, activations, comparisons and
// bounds, values and gradients.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/clamp.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/sin.hpp"

namespace {

constexpr auto functions = [](auto x) {
    return std::tuple{pm::gelu(x) * pm::cos(x), pm::silu(x) - pm::elu(x, 0.75), pm::erf(x) + pm::sin(x * 3.0),
                      pm::log1p(x * x) * pm::rsqrt(x * x + 0.5), pm::normal_cdf(x) + pm::clamp(x, -0.5, 0.75)};
};
constexpr auto powers = [](auto x) {
    auto const y = x * x + 0.5;
    return std::tuple{pm::pow(x, 3) + pm::pow(x, 4), pm::pow(x, 5) - pm::pow(x, 6), pm::pow(y, -2) * pm::pow(y, -0.5),
                      pm::pow(y, 2.25)};
};
constexpr auto comparisons = [](auto x, auto y) {
    return std::tuple{pm::minimum(x, y) - pm::maximum(x, y * 2.0), pm::less(x, y) + (x >= y) * y,
                      pm::equal(x, y) - pm::not_equal(x, y) + (x <= 0.25),
                      pm::greater(x, y) + pm::greater_equal(x, 0.5) * y - pm::less_equal(y, x)};
};

}  // namespace

TEST_CASE("kernel: functions") {
    test::expect_agreement<float, pm::shape<33>>(functions);
}
TEST_CASE("kernel: functions in double") {
    test::expect_agreement<double, pm::shape<9>>(functions);
}
TEST_CASE("kernel: powers") {
    test::expect_agreement<float, pm::shape<3, 7>>(powers);
}
TEST_CASE("kernel: comparisons and bounds, a row is broadcast") {
    test::expect_agreement<float, pm::shape<5, 9>, pm::shape<9>>(comparisons);
}
