// The fast precision of operations: kernels agree with the interpreter to its bounds, they run other functions than the
// accurate ones, and gradients keep it.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/gelu.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

constexpr auto in_precision(auto x, auto in) {
    constexpr pm::precision p = in;
    return std::tuple{pm::exp<p>(x),  pm::tanh<p>(x),     pm::sigmoid<p>(x),    pm::sigmoid<p>(x * 1.5),
                      pm::silu<p>(x), pm::softplus<p>(x), pm::normal_cdf<p>(x), pm::gelu<p>(x)};
}
constexpr auto fast = [](auto x) { return in_precision(x, std::integral_constant<pm::precision, pm::fast>{}); };
constexpr auto accurate = [](auto x) { return in_precision(x, std::integral_constant<pm::precision, pm::accurate>{}); };

}  // namespace

TEST_CASE("kernel: the fast precision, values and gradients") {
    using program = test::program_of<decltype(fast), float, pm::shape<33>>;
    test::expect_same_on<program>(test::arguments_for(test::simplified<program>(), -3, 3), 1e-4);
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
TEST_CASE("op: a gradient keeps the precision") {
    auto const names = test::gradient_passes<pm::shape<3>>(
        [](auto x) { return pm::silu<pm::fast>(x) + pm::softplus<pm::fast>(x) + pm::gelu<pm::fast>(x); });
    CHECK(names.count("fast sigmoid") == 1);
    CHECK(names.count("fast normal_cdf") == 1);
    CHECK(names.count("fast exp") == 1);
    CHECK(names.count("sigmoid") + names.count("normal_cdf") + names.count("exp") == 0);
}
