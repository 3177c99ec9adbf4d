// Elementary functions in constant evaluation: at most 2 ulp from libm's long double, over the whole domain.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/core/constexpr_math.hpp>

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <random>

namespace math = paramorph::math;

namespace {

// The distance of y from the exact value in units of the last place that a double has there.
double ulps(double y, long double exact) {
    if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) == std::isnan(y) ? 0 : INFINITY;
    if (std::isinf(y) || std::isinf(double(exact))) {
        if (double(exact) == y) return 0;
        bool const beside = std::fabs(exact) >= (long double)DBL_MAX * (1 - 0x1p-52L) && std::fabs(y) >= DBL_MAX;
        return beside && std::signbit(exact) == std::signbit(y) ? 1 : INFINITY;
    }
    if (exact == 0) return y == 0 && std::signbit(y) == std::signbit(exact) ? 0 : INFINITY;
    return double(std::fabs(exact - y) / std::ldexp(1.0L, std::max(std::ilogb(exact), DBL_MIN_EXP - 1) - 52));
}

double const special[] = {
    0.0,       -0.0,        1,           -1,       0.5,    -0.5,    INFINITY, -INFINITY, NAN,
    DBL_MIN,   -DBL_MIN,    DBL_MAX,     -DBL_MAX, 5e-324, -5e-324, 1e-310,   709.7827,  709.79,
    -745.1332, -745.14,     -708.5,      0x1p52,   0x1p53, 1e22,    0x1p1023, 0.346574,  -0.346574,
    0.34658,   1 - 0x1p-53, 1 + 0x1p-52, 20,       6,      0x1p20,  0x1p-54,  0.6,       6381956970095103 * 0x1p797};

// The largest error of f against exact: special values, random bit patterns, and intervals where f does its work.
template <class F, class G>
double worst(char const* name, F f, G exact) {
    std::mt19937_64 random(7);
    double largest = 0, where = 0;
    auto const take = [&](double x) {
        double const e = ulps(f(x), exact((long double)x));
        if (!(e <= largest)) largest = e, where = x;
    };
    for (double x : special) take(x);
    for (int i = 0; i < 30000; ++i) take(std::bit_cast<double>(random()));
    for (double reach : {1e-3, 0.5, 1.0, 3.0, 30.0, 40.0, 750.0, 1e5, 1e7})
        for (int i = 0; i < 10000; ++i) take(std::uniform_real_distribution<double>(-reach, reach)(random));
    for (int i = 0; i < 10000; ++i) take(std::bit_cast<double>(random() >> 12));  // subnormal
    UNSCOPED_INFO(name << " is off by " << largest << " ulp at " << where);
    std::printf("%-10s %.3f ulp at %.17g\n", name, largest, where);
    return largest;
}

#define MEASURE(function) \
    worst(#function, [](double x) { return math::function(x); }, [](long double x) { return std::function(x); })

}  // namespace

TEST_CASE("elementary functions are within 2 ulp") {
    CHECK(MEASURE(exp) <= 2);
    CHECK(MEASURE(expm1) <= 2);
    CHECK(MEASURE(log) <= 2);
    CHECK(MEASURE(log1p) <= 2);
    CHECK(MEASURE(sin) <= 2);
    CHECK(MEASURE(cos) <= 2);
    CHECK(MEASURE(tanh) <= 2);
    CHECK(MEASURE(erf) <= 2);
    CHECK(MEASURE(floor) == 0);
    CHECK(MEASURE(sqrt) <= 0.5);
}

TEST_CASE("rsqrt, silu, normal_cdf and gelu are within 2 ulp") {
    auto const sigmoid = [](long double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); };
    auto const cdf = [](long double x) {  // erfc(z) / 2 at z = -x / sqrt 2; what rounding z does is corrected
        if (!std::isfinite(x)) return x > 0 ? 1 : x < 0 ? 0 : x;
        long double const root = std::sqrt(2.0L), rest = std::fma(-root, root, 2.0L) / (2 * root), z = -x / root;
        long double const lost = (std::fma(-z, root, -x) - z * rest) / root;
        return (std::erfc(z) - 1.1283791670955125738961589031L * std::exp(-z * z) * lost) / 2;
    };
    auto const of_minus_infinity = [](auto f) {  // the limit
        return [f](long double x) { return x == -INFINITY ? -0.0L : x * f(x); };
    };
    CHECK(worst("rsqrt", [](double x) { return math::rsqrt(x); }, [](long double x) { return 1 / std::sqrt(x); }) <= 2);
    CHECK(worst("silu", [](double x) { return math::silu(x); }, of_minus_infinity(sigmoid)) <= 2);
    CHECK(worst("normal_cdf", [](double x) { return math::normal_cdf(x); }, cdf) <= 2);
    CHECK(worst("gelu", [](double x) { return math::gelu(x); }, of_minus_infinity(cdf)) <= 2);
}

TEST_CASE("sigmoid and softplus keep their tails") {
    auto const sigmoid = [](long double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); };
    auto const softplus = [](long double x) { return std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x))); };
    CHECK(worst("sigmoid", [](double x) { return math::sigmoid(x); }, sigmoid) <= 2);
    CHECK(worst(
              "softplus", [](double x) { return math::softplus(x); },
              [&](long double x) { return std::isnan(x) ? x : softplus(x); }) <= 2);
}

TEST_CASE("pow is within 2 ulp and has C's special cases") {
    std::mt19937_64 random(11);
    double largest = 0;
    auto const take = [&](double x, double y) {
        double const e = ulps(math::pow(x, y), std::pow((long double)x, (long double)y));
        if (!(e <= largest)) {
            largest = e;
            UNSCOPED_INFO("pow(" << x << ", " << y << ") is off by " << e << " ulp");
        }
    };
    for (double x : special)
        for (double y : special) take(x, y);
    for (double x : special)
        for (double y : {2.0, 3.0, -3.0, 0.5, 1.5, 1e300, -1e300, 1e-300}) take(x, y);
    for (int i = 0; i < 40000; ++i) take(std::bit_cast<double>(random()), std::bit_cast<double>(random()));
    for (double reach : {1.0, 10.0, 300.0})
        for (int i = 0; i < 20000; ++i) {
            double const x = std::uniform_real_distribution<double>(0, 20)(random);
            take(x, std::uniform_real_distribution<double>(-reach, reach)(random));
        }
    for (int i = 0; i < 20000; ++i) {  // near one, with exponents that bring the result to its limits
        double const x = 1 + std::uniform_real_distribution<double>(-1e-3, 1e-3)(random);
        take(x, std::uniform_real_distribution<double>(-7e5, 7e5)(random));
    }
    std::printf("%-10s %.3f ulp\n", "pow", largest);
    CHECK(largest <= 2);
}

TEST_CASE("ldexp and frexp are exact, ldexp rounds once") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 20000; ++i) {
        double const x = std::bit_cast<double>(random());
        if (std::isnan(x)) continue;
        int const e = int(random() % 4400) - 2200;
        REQUIRE(math::ldexp(x, e) == std::ldexp(x, e));
        int exponent = 0;
        double const fraction = std::frexp(x, &exponent);
        REQUIRE(math::frexp(x).fraction == fraction);
        if (std::isfinite(x)) REQUIRE(math::frexp(x).exponent == exponent);
    }
}

namespace {

// One evaluation of every function: all of them together stay far below the compilers' limits.
constexpr double everything(double x) {
    using m = math::constant;
    return m::exp(x) + m::expm1(x) + m::log(x) + m::log1p(x) + m::sin(x) + m::cos(x) + m::tanh(x) + m::erf(x) +
           m::sqrt(x) + m::rsqrt(x) + m::silu(x) + m::gelu(x) + m::gelu(-x) + m::sigmoid(x) + m::softplus(x) +
           math::pow(x, x) + math::floor(x) + m::sin(x * 1e20);
}
constexpr double total() {
    double sum = 0;
    for (int i = 1; i <= 100; ++i) sum += everything(0.05 * i);
    return sum;
}
constexpr double at_compile_time = total();

}  // namespace

TEST_CASE("constant evaluation and run time agree") {
    CHECK(std::fabs(at_compile_time - total()) <= 1e-13 * at_compile_time);
}
