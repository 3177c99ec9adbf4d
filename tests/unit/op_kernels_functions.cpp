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
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/tanh.hpp"

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
                      pm::equal(x, y) - pm::not_equal(x, y) + (x <= 0.25)};
};

constexpr auto in_precision(auto x, auto in) {
    constexpr pm::precision p = in;
    return std::tuple{pm::exp<p>(x),  pm::tanh<p>(x),     pm::sigmoid<p>(x),    pm::sigmoid<p>(x * 1.5),
                      pm::silu<p>(x), pm::softplus<p>(x), pm::normal_cdf<p>(x), pm::gelu<p>(x)};
}
constexpr auto fast = [](auto x) { return in_precision(x, std::integral_constant<pm::precision, pm::fast>{}); };
constexpr auto accurate = [](auto x) { return in_precision(x, std::integral_constant<pm::precision, pm::accurate>{}); };

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

TEST_CASE("kernel: the fast grade, values and gradients") {
    using program = test::program_of<decltype(fast), float, pm::shape<33>>;
    test::expect_same_on<program>(test::arguments_for(pm::compiled<program>::simplified, -3, 3), 1e-4);
}
TEST_CASE("kernel: fast is another function than accurate, and close to it") {
    using input = pm::shape<9>;
    using quick = test::value_program_of<decltype(fast), float, input>;
    using exact = test::value_program_of<decltype(accurate), float, input>;
    test::arrays const x{{-3, -1.25, -0.7, -1e-3, 0.125, 0.85, 1.1, 2.5, 9}};
    using V = pm::simd::best<float>;
    auto const y = test::run_kernel<quick, V>(x).outputs, z = test::run_kernel<exact, V>(x).outputs;
    for (std::size_t k = 0; k < y.size(); ++k) {
        CHECK((y[k] == z[k]) == (k == 5));  // softplus has no faster version
        for (std::size_t i = 0; i < y[k].size(); ++i) CHECK(std::abs(y[k][i] - z[k][i]) <= 0x1p-15 * std::abs(z[k][i]));
    }
}
TEST_CASE("op: a gradient keeps the grade") {
    auto const names = test::gradient_passes<pm::shape<3>>(
        [](auto x) { return pm::silu<pm::fast>(x) + pm::softplus<pm::fast>(x) + pm::gelu<pm::fast>(x); });
    CHECK(names.count("fast sigmoid") == 1);
    CHECK(names.count("fast normal_cdf") == 1);
    CHECK(names.count("fast exp") == 1);
    CHECK(names.count("sigmoid") + names.count("normal_cdf") + names.count("exp") == 0);
}
