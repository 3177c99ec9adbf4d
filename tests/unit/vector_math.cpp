// The kernels' elementary functions: at most 4 ulp over the whole domain, for the widest vectors and for scalars.
// Float is measured against libm in double, double against libm in long double.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/kernel/math.hpp>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

namespace simd = paramorph::simd;
using accurate = paramorph::kernel::accurate;

namespace {

/// The distance of y from the exact value in units of the last place that T has there.
template <class T, class Exact>
double ulps(T y, Exact exact) {
    using limits = std::numeric_limits<T>;
    if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) == std::isnan(y) ? 0 : INFINITY;
    if (std::isinf(y) || std::isinf(T(exact))) {
        if (T(exact) == y) return 0;
        bool const beside = std::fabs(exact) >= Exact(limits::max()) * (1 - 4 * Exact(limits::epsilon())) &&
                            std::fabs(y) >= limits::max() * (1 - 4 * limits::epsilon());
        return beside && std::signbit(exact) == std::signbit(y) ? 4 : INFINITY;
    }
    if (exact == 0) return y == 0 && std::signbit(y) == std::signbit(exact) ? 0 : INFINITY;
    int const exponent = std::max(std::ilogb(exact), limits::min_exponent - 1);
    return double(std::fabs(exact - Exact(y)) / std::ldexp(Exact(1), exponent - limits::digits + 1));
}

/// Arguments: special values, random bit patterns, intervals where the functions do their work, subnormal numbers.
template <class T>
std::vector<T> arguments() {
    using limits = std::numeric_limits<T>;
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    std::vector<T> x = {T(0),
                        T(-0.0),
                        T(1),
                        T(-1),
                        limits::infinity(),
                        -limits::infinity(),
                        limits::quiet_NaN(),
                        limits::min(),
                        -limits::min(),
                        limits::max(),
                        limits::lowest(),
                        limits::denorm_min(),
                        -limits::denorm_min(),
                        T(88.7),
                        T(88.73),
                        T(-103.9),
                        T(-104.1),
                        T(-87.4),
                        T(709.78),
                        T(709.79),
                        T(-745.13),
                        T(-745.14),
                        T(1e22)};
    std::mt19937_64 random(5);
    for (int i = 0; i < 40000; ++i) x.push_back(std::bit_cast<T>(bits(random())));
    for (double reach : {1e-3, 0.5, 1.0, 3.0, 12.0, 30.0, 110.0, 750.0, 1e4, 2e6})
        for (int i = 0; i < 20000; ++i) x.push_back(T(std::uniform_real_distribution<double>(-reach, reach)(random)));
    for (int i = 0; i < 5000; ++i) x.push_back(std::bit_cast<T>(bits(random() >> (sizeof(T) == 4 ? 41 : 12))));
    while (x.size() % 64 != 0) x.push_back(T(1));
    return x;
}

template <class V, class F, class G>
double worst(char const* name, F f, G exact) {
    using T = simd::value_t<V>;
    using Exact = std::conditional_t<sizeof(T) == 4, double, long double>;
    static std::vector<T> const x = arguments<T>();
    double largest = 0;
    T where = 0;
    for (std::size_t i = 0; i < x.size(); i += std::size_t(simd::width<V>)) {
        T y[simd::width<V>];
        simd::store(y, f(simd::load<V>(&x[i])));
        for (std::size_t j = 0; j < std::size_t(simd::width<V>); ++j) {
            double const e = ulps(y[j], exact(Exact(x[i + j])));
            if (!(e <= largest)) largest = e, where = x[i + j];
        }
    }
    UNSCOPED_INFO(name << " is off by " << largest << " ulp at " << where);
    if (std::getenv("PARAMORPH_SHOW_ULP"))
        std::printf("%-9s %-6s x %d: %.3f ulp at %.9g\n", name, sizeof(T) == 4 ? "float" : "double", simd::width<V>,
                    largest, double(where));
    return largest;
}

template <class V>
void check() {
    using T = simd::value_t<V>;
    auto const measure = [](char const* name, auto f, auto exact) { CHECK(worst<V>(name, f, exact) <= 4); };
    measure("exp", [](V x) { return accurate::exp(x); }, [](auto x) { return std::exp(x); });
    measure("log", [](V x) { return accurate::log(x); }, [](auto x) { return std::log(x); });
    measure("tanh", [](V x) { return accurate::tanh(x); }, [](auto x) { return std::tanh(x); });
    measure(
        "sigmoid", [](V x) { return accurate::sigmoid(x); },
        [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); });
    for (T factor : {T(0.8), T(-3.3), T(1e-3)})
        measure(
            "sigmoid of a multiple", [factor](V x) { return accurate::sigmoid(x, simd::splat<V>(factor)); },
            [factor](auto x) {
                // Where there is no table the product is rounded first.
                auto const t = simd::has_lookup<V> ? x * decltype(x)(factor) : decltype(x)(T(T(x) * factor));
                return t < 0 ? std::exp(t) / (1 + std::exp(t)) : 1 / (1 + std::exp(-t));
            });
    measure(
        "softplus", [](V x) { return accurate::softplus(x); },
        [](auto x) { return std::isnan(x) ? x : std::fmax(x, decltype(x)(0)) + std::log1p(std::exp(-std::fabs(x))); });
    measure("expm1", [](V x) { return accurate::expm1(x); }, [](auto x) { return std::expm1(x); });
    measure("log1p", [](V x) { return accurate::log1p(x); }, [](auto x) { return std::log1p(x); });
    measure("sin", [](V x) { return accurate::sin(x); }, [](auto x) { return std::sin(x); });
    measure("cos", [](V x) { return accurate::cos(x); }, [](auto x) { return std::cos(x); });
    measure("erf", [](V x) { return accurate::erf(x); }, [](auto x) { return std::erf(x); });
    CHECK(worst<V>("sqrt", [](V x) { return accurate::sqrt(x); }, [](auto x) { return std::sqrt(x); }) <= 0.5);
}

}  // namespace

TEST_CASE("vector mathematics is within 4 ulp: float") {
    check<simd::best<float>>();
}
TEST_CASE("vector mathematics is within 4 ulp: double") {
    check<simd::best<double>>();
}
TEST_CASE("the same algorithms on scalars: float") {
    check<float>();
}
TEST_CASE("the same algorithms on scalars: double") {
    check<double>();
}
