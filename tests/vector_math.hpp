// How far vector mathematics is from the exact value, measured densely: 2^20 arguments a function, on the widest
// vectors and on scalars. Float is measured against libm in double, double against libm in long double. Every program
// prints the largest error of each function.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "paramorph/kernel/math.hpp"

namespace test {

namespace simd = paramorph::simd;

// Exact values of functions of T are computed in this type.
template <class T>
using exact_type = std::conditional_t<sizeof(T) == 4, double, long double>;

// The distance of y from the exact value in units of the last place that T has there.
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

// Arguments: special values; random bit patterns, that is every exponent with random mantissas; intervals where the
// functions do their work; subnormal numbers.
template <class T>
std::vector<T> const& arguments() {
    using limits = std::numeric_limits<T>;
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static std::vector<T> const all = [] {
        std::vector<T> x = {T(0),
                            T(-0.0),
                            limits::infinity(),
                            -limits::infinity(),
                            limits::quiet_NaN(),
                            limits::min(),
                            -limits::min(),
                            limits::max(),
                            limits::lowest(),
                            limits::denorm_min(),
                            T(1),
                            -limits::denorm_min()};
        for (double a : {1.0,    88.7,  88.73, 103.9, 104.1, 109.0, 87.4, 709.78, 709.79, 745.13,
                         745.14, 752.0, 1e22,  14.4,  14.9,  15.0,  38.4, 38.9,   39.0,   0.5})
            x.insert(x.end(), {T(a), T(-a)});
        std::mt19937_64 random(5);
        for (int i = 0; i < 400000; ++i) x.push_back(std::bit_cast<T>(bits(random())));
        for (double reach : {1e-3, 0.5, 1.0, 3.0, 12.0, 16.0, 40.0, 110.0, 750.0, 1e4, 2e6})
            for (int i = 0; i < 57000; ++i)
                x.push_back(T(std::uniform_real_distribution<double>(-reach, reach)(random)));
        while (x.size() < 1 << 20) x.push_back(std::bit_cast<T>(bits(random() >> (sizeof(T) == 4 ? 41 : 12))));
        return x;
    }();
    return all;
}

// The largest error of f over the arguments x, given their exact values, measured by `error`.
template <class V, class F, class T, class Exact, class Error>
double worst_on(char const* name, F f, std::vector<T> const& x, std::vector<Exact> const& exact, Error error,
                char const* unit) {
    double largest = 0;
    T where = 0;
    for (std::size_t i = 0; i < x.size(); i += std::size_t(simd::width<V>)) {
        T y[simd::width<V>];
        simd::store(y, f(simd::load<V>(&x[i])));
        for (std::size_t j = 0; j < std::size_t(simd::width<V>); ++j) {
            double const e = error(y[j], exact[i + j]);
            if (!(e <= largest)) largest = e, where = x[i + j];
        }
    }
    UNSCOPED_INFO(name << " is off by " << largest << " " << unit << " at " << where);
    std::printf("%-20s %-6s x %d: %.3g %s at %.9g\n", name, sizeof(T) == 4 ? "float" : "double", simd::width<V>,
                largest, unit, double(where));
    return largest;
}

// Checks a function, given for every vector type, against its exact value, on vectors and on scalars of T.
template <class T, class F, class G>
void expect_ulps(char const* name, F f, G exact, double bound = 4) {
    std::vector<T> const& x = arguments<T>();
    std::vector<exact_type<T>> expected;
    expected.reserve(x.size());
    for (T a : x) expected.push_back(exact(exact_type<T>(a)));
    CHECK(worst_on<simd::best<T>>(name, f, x, expected, ulps<T, exact_type<T>>, "ulp") <= bound);
    CHECK(worst_on<T>(name, f, x, expected, ulps<T, exact_type<T>>, "ulp") <= bound);
}

// The normal distribution function erfc(z) / 2 at z = -x / sqrt 2; what rounding z does is corrected.
template <class Exact>
Exact normal_cdf(Exact x) {
    if (!std::isfinite(x)) return x > 0 ? Exact(1) : x < 0 ? Exact(0) : x;
    Exact const root = std::sqrt(Exact(2)), rest = std::fma(-root, root, Exact(2)) / (2 * root), z = -x / root;
    Exact const lost = (std::fma(-z, root, Exact(-x)) - z * rest) / root;
    Exact const y = std::erfc(z);
    if (y < std::numeric_limits<Exact>::min() / std::numeric_limits<Exact>::epsilon()) return y / 2;
    return (y - Exact(1.1283791670955125738961589031L) * std::exp(-z * z) * lost) / 2;
}

}  // namespace test
