// Sigmoid-like functions of huge multiples: where the multiple overflows, the function has long ended. In float and
// double, in both precisions, in the interpreter and in kernels, value and gradient.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/elu.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

// Where the limit is zero, functions stay below this in magnitude; fast ones as kernel/math/fast.hpp says.
template <pm::precision Precision>
constexpr double least = Precision == pm::fast ? 0x1p-116 : 0x1p-123;
double const infinity = std::numeric_limits<double>::infinity();

template <class T>
inline constexpr double huge = sizeof(T) == 4 ? 3e38 : 1.7e308;
// 2^-126, 2^-1022: huge times it is of the order of 4.
template <class T>
double const tiny = static_cast<double>(std::numeric_limits<T>::min());

double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

// f at 1, -1, 0, tiny and -tiny, in nine lanes, so that every kernel sees each.
template <class T, pm::precision Precision>
void expect_values(auto const& f, std::vector<double> const& right, double tolerance) {
    using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, T, pm::shape<9>>;
    test::numbers const x{1, -1, 0, tiny<T>, -tiny<T>, 1, -1, 0, tiny<T>};
    for (auto const& r : test::three_ways<P>({x})) {
        REQUIRE(r.status.ok());
        for (std::size_t i = 0; i < 9; ++i) {
            double const y = r.outputs[0][i], e = right[i % 5];
            INFO("at " << x[i] << ": " << y << " against " << e);
            CHECK((y == e || std::abs(y - e) <= tolerance * std::abs(e) + least<Precision>));
        }
    }
}
template <class T, pm::precision Precision>
void expect_steep_values(double tolerance) {
    double const z = huge<T> * tiny<T>, k = huge<T>;
    expect_values<T, Precision>([](auto x) { return pm::sigmoid<Precision>(x * huge<T>); },
                                {1, 0, 0.5, sigmoid(z), sigmoid(-z)}, tolerance);
    expect_values<T, Precision>([](auto x) { return pm::sigmoid<Precision>(x * -huge<T>); },
                                {0, 1, 0.5, sigmoid(-z), sigmoid(z)}, tolerance);
    expect_values<T, Precision>([](auto x) { return 0.5 * pm::sigmoid<Precision>(x * huge<T>); },
                                {0.5, 0, 0.25, 0.5 * sigmoid(z), 0.5 * sigmoid(-z)}, tolerance);
    expect_values<T, Precision>([](auto x) { return pm::tanh<Precision>(x * huge<T>); },
                                {1, -1, 0, std::tanh(z), -std::tanh(z)}, tolerance);
    expect_values<T, Precision>([](auto x) { return pm::silu<Precision>(x * huge<T>); },
                                {k, 0, 0, z * sigmoid(z), -z * sigmoid(-z)}, tolerance);
    expect_values<T, Precision>([](auto x) { return pm::softplus<Precision>(x * huge<T>); },
                                {k, 0, std::log(2), std::log1p(std::exp(z)), std::log1p(std::exp(-z))}, tolerance);
    auto const cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
    expect_values<T, Precision>([](auto x) { return pm::gelu<Precision>(x * huge<T>); },
                                {k, 0, 0, z * cdf(z), -z * cdf(-z)}, tolerance * 4);
    // Twice as much overflows: the argument is infinite.
    expect_values<T, Precision>([](auto x) { return pm::sigmoid<Precision>(x * huge<T> * 4.0); },
                                {1, 0, 0.5, sigmoid(4 * z), sigmoid(-4 * z)}, tolerance * 4);
    expect_values<T, Precision>([](auto x) { return pm::tanh<Precision>(x * huge<T> * 4.0); },
                                {1, -1, 0, std::tanh(4 * z), -std::tanh(4 * z)}, tolerance * 4);
    expect_values<T, Precision>([](auto x) { return pm::elu(x * huge<T> * 4.0); },
                                {infinity, -1, 0, 4 * z, std::expm1(-4 * z)}, tolerance);
}

}  // namespace

TEST_CASE("steep: sigmoid, tanh, silu, softplus and gelu of huge multiples, float") {
    expect_steep_values<float, pm::accurate>(2e-6);
    expect_steep_values<float, pm::fast>(0x1p-14);
}
TEST_CASE("steep: sigmoid, tanh, silu, softplus and gelu of huge multiples, double") {
    expect_steep_values<double, pm::accurate>(1e-14);
    expect_steep_values<double, pm::fast>(0x1p-14);
}
TEST_CASE("steep: a tiny multiple is flat") {
    expect_values<float, pm::accurate>([](auto x) { return pm::sigmoid(x * 1e-30); }, {0.5, 0.5, 0.5, 0.5, 0.5}, 1e-7);
    expect_values<float, pm::accurate>([](auto x) { return pm::tanh(x * 1e-30); },
                                       {1e-30, -1e-30, 0, 1e-30 * tiny<float>, -1e-30 * tiny<float>}, 1e-6);
}
TEST_CASE("steep: gradients of huge multiples are zero at the ends and huge in the middle, never NaN") {
    auto const check = [](auto const& f, double at_zero, double at_one) {
        using P = test::program_of<std::remove_cvref_t<decltype(f)>, float, pm::shape<3>>;
        for (auto const& r : test::three_ways<P>({{1, -1, 0}, {1, 1, 1}})) {
            REQUIRE(r.status.ok());
            CHECK(std::abs(r.outputs[1][0] / 3e38 - at_one) <= 1e-6);
            CHECK(r.outputs[1][1] == 0);
            CHECK(std::abs(r.outputs[1][2] / 3e38 - at_zero) <= 1e-6);
        }
    };
    check([](auto x) { return pm::sigmoid(x * 3e38); }, 0.25, 0);
    check([](auto x) { return pm::tanh(x * 3e38); }, 1, 0);
    check([](auto x) { return pm::softplus(x * 3e38); }, 0.5, 1);
    check([](auto x) { return pm::silu(x * 3e38); }, 0.5, 1);
    check([](auto x) { return pm::gelu(x * 3e38); }, 0.5, 1);
}
