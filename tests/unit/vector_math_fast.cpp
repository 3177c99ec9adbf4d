// The fast grade stays within the relative errors that kernel/math/fast.hpp states, for the widest vectors and for
// scalars, and is harmless beyond them.
//
// SPDX-License-Identifier: BSL-1.0
#include "../vector_math.hpp"

namespace simd = paramorph::simd;
using fast = paramorph::kernel::fast;

namespace {

// Checks that the relative error of normal results is at most 2^bound for the arguments within [low, high].
template <class T, class F, class G>
void expect_bits(char const* name, F f, G exact, double low, double high, double bound) {
    std::vector<T> x;
    std::vector<double> expected;
    std::mt19937_64 random(23);
    auto const take = [&](double a) {
        if (T(a) >= low && T(a) <= high) x.push_back(T(a)), expected.push_back(exact(double(T(a))));
    };
    for (T a : test::arguments<T>()) take(double(a));
    while (x.size() < std::size_t(1) << 20 || x.size() % 64 != 0)
        take(std::uniform_real_distribution<double>(std::max(low, -800.0), std::min(high, 800.0))(random));
    auto const error = [](T y, double e) {
        if (std::isnan(y)) return double(INFINITY);
        double const least = double(std::numeric_limits<T>::min());
        return double(y) == e ? 0 : std::fabs(double(y) - e) / std::max(std::fabs(e), least);
    };
    double const limit = std::exp2(bound);
    CHECK(test::worst_on<simd::best<T>>(name, f, x, expected, error, "relative") <= limit);
    CHECK(test::worst_on<T>(name, f, x, expected, error, "relative") <= limit);
}

template <class T>
void check() {
    bool const single = sizeof(T) == 4;
    double const least = 0x1p-126, cut = single ? -87 : -708, inf = INFINITY;
    auto const logistic = [](double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); };
    auto const f = [](auto x) { return fast::sigmoid(x, -0.75, 1); };
    expect_bits<T>(
        "exp", [](auto x) { return fast::exp(x); }, [](double x) { return std::exp(x); }, cut, single ? 88.3 : 709.4,
        -16);
    expect_bits<T>("sigmoid", [](auto x) { return fast::sigmoid(x); }, logistic, cut, inf, -16);
    expect_bits<T>("sigmoid of a multiple", f, [&](double x) { return logistic(-0.75 * x); }, -inf, -cut, -16);
    expect_bits<T>(
        "silu", [](auto x) { return fast::silu(x); }, [&](double x) { return x * logistic(x); }, cut, inf, -16);
    expect_bits<T>("tanh", [](auto x) { return fast::tanh(x); }, [](double x) { return std::tanh(x); }, -inf, inf, -15);
    expect_bits<T>(
        "normal_cdf", [](auto x) { return fast::normal_cdf(x); }, [](double x) { return test::normal_cdf(x); }, -13,
        inf, -15);
    expect_bits<T>(
        "gelu", [](auto x) { return fast::gelu(x); }, [](double x) { return x * test::normal_cdf(x); }, -13, inf, -15);

    T const infinite = std::numeric_limits<T>::infinity(), none = std::numeric_limits<T>::quiet_NaN();
    CHECK(fast::exp(-infinite) == 0);
    CHECK(fast::exp(infinite) == infinite);
    CHECK(double(fast::sigmoid(-infinite)) < least);
    CHECK(fast::sigmoid(infinite) == 1);
    CHECK(fast::silu(infinite) == infinite);
    CHECK(std::fabs(double(fast::silu(-infinite))) < 0x1p-116);
    CHECK(fast::gelu(infinite) == infinite);
    CHECK(std::fabs(double(fast::gelu(-infinite))) < 0x1p-116);
    CHECK((std::isnan(fast::exp(none)) && std::isnan(fast::sigmoid(none)) && std::isnan(fast::silu(none)) &&
           std::isnan(fast::tanh(none)) && std::isnan(fast::normal_cdf(none)) && std::isnan(fast::gelu(none))));
}

}  // namespace

TEST_CASE("the fast grade keeps its bounds: float") {
    check<float>();
}
TEST_CASE("the fast grade keeps its bounds: double") {
    check<double>();
}
