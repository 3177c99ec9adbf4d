// The kernels' activations and the error function: at most 4 ulp over the whole domain, for the widest vectors and for
// scalars; their tails keep relative accuracy down to the smallest subnormal number.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <vector>

#include "../vector_math.hpp"

namespace simd = paramorph::simd;
using accurate = paramorph::kernel::accurate;

namespace {

template <class T>
void check() {
    using test::expect_ulps;
    auto const logistic = [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); };
    expect_ulps<T>("tanh", [](auto x) { return accurate::tanh(x); }, [](auto x) { return std::tanh(x); });
    expect_ulps<T>("sigmoid", [](auto x) { return accurate::sigmoid(x); }, logistic);
    expect_ulps<T>(
        "silu", [](auto x) { return accurate::silu(x); },
        [&](auto x) { return std::isinf(x) && x < 0 ? decltype(x)(-0.0) : x * logistic(x); });
    expect_ulps<T>(
        "softplus", [](auto x) { return accurate::softplus(x); },
        [](auto x) { return std::isnan(x) ? x : std::fmax(x, decltype(x)(0)) + std::log1p(std::exp(-std::fabs(x))); });
    expect_ulps<T>("erf", [](auto x) { return accurate::erf(x); }, [](auto x) { return std::erf(x); });
    expect_ulps<T>(
        "normal_cdf", [](auto x) { return accurate::normal_cdf(x); }, [](auto x) { return test::normal_cdf(x); });
    expect_ulps<T>(
        "gelu", [](auto x) { return accurate::gelu(x); },
        [](auto x) { return std::isinf(x) && x < 0 ? decltype(x)(-0.0) : x * test::normal_cdf(x); });
}

// Of arguments known to be small.
template <class T>
void check_near() {
    using paramorph::kernel::near;
    auto const small = [](auto x) {
        constexpr double end = near::largest;
        return x < -end ? decltype(x)(-end) : x > end ? decltype(x)(end) : x;
    };
    auto const of_small = []<class V>(V x) {
        return paramorph::kernel::detail::clamp(x, simd::splat<V>(-T(near::largest)), simd::splat<V>(T(near::largest)));
    };
    test::expect_ulps<T>(
        "exp, small", [&](auto x) { return near::exp(of_small(x)); }, [&](auto x) { return std::exp(small(x)); });
    test::expect_ulps<T>(
        "tanh, small", [&](auto x) { return near::tanh(of_small(x)); }, [&](auto x) { return std::tanh(small(x)); });
    test::expect_ulps<T>(
        "sigmoid, small", [&](auto x) { return near::sigmoid(of_small(x)); },
        [&](auto x) { return 1 / (1 + std::exp(-small(x))); });
}

// Where there is no table the product is rounded first.
template <class V, class Mathematics>
void check_multiples(std::vector<simd::value_t<V>> const& x, std::vector<double> const& factors) {
    using T = simd::value_t<V>;
    using Exact = test::exact_type<T>;
    double height = 1;
    for (double wanted : factors) {
        T const factor = static_cast<T>(wanted);
        std::vector<Exact> expected;
        for (T a : x) {
            Exact const t = simd::has_lookup<V> ? Exact(a) * Exact(factor) : Exact(a * factor);
            expected.push_back(Exact(T(height)) * (t < 0 ? std::exp(t) / (1 + std::exp(t)) : 1 / (1 + std::exp(-t))));
        }
        auto const f = [=](V a) { return Mathematics::sigmoid(a, double(factor), double(T(height))); };
        CHECK(test::worst_on<V>("sigmoid of a multiple", f, x, expected, test::ulps<T, Exact>, "ulp") <= 4);
        height *= -5;
    }
}
template <class V>
void check_multiples() {
    using paramorph::kernel::near;
    using T = simd::value_t<V>;
    std::vector<T> const& all = test::arguments<T>();
    check_multiples<V, accurate>(all, {0.8, -3.3, 1e-3});
    std::vector<T> small = all;
    for (T& x : small) x = std::clamp(x, T(-near::largest), T(near::largest));
    check_multiples<V, near>(small, {0.8, -3.3, 10, -37});
}

}  // namespace

TEST_CASE("activations are within 4 ulp: float") {
    check<float>();
}
TEST_CASE("activations are within 4 ulp: double") {
    check<double>();
}
TEST_CASE("functions of small arguments are within 4 ulp") {
    check_near<float>();
    check_near<double>();
}
TEST_CASE("sigmoid of a multiple is within 4 ulp") {
    check_multiples<simd::best<float>>();
    check_multiples<simd::best<double>>();
    check_multiples<float>();
}
