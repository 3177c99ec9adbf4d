// bfloat16 and float16: all 65,536 patterns of each, both ways, against the formula of IEEE 754.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/core/element.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "../catch.hpp"

namespace {

namespace pm = paramorph;

template <class S>
inline constexpr int mantissa = std::is_same_v<S, pm::bfloat16> ? 7 : 10;

template <class S>
S pattern(std::uint32_t bits) {
    S x;
    x.bits = static_cast<std::uint16_t>(bits);
    return x;
}
// sign (-1)^s, exponent e and fraction f of 15 - m and m bits: (-1)^s (1 + f / 2^m) 2^(e - bias), and f / 2^m 2^(1 -
// bias) where e is 0. Without the last exponent, which has infinities and NaN.
template <class S>
double value_of(std::uint32_t bits) {
    constexpr int m = mantissa<S>, bias = (1 << (14 - m)) - 1;
    int const exponent = int(bits & 0x7fff) >> m, fraction = int(bits) & ((1 << m) - 1);
    double const magnitude =
        exponent == 0 ? std::ldexp(fraction, 1 - bias - m) : std::ldexp(fraction + (1 << m), exponent - bias - m);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}
template <class S>
inline constexpr std::uint32_t infinity = 0x7fff >> mantissa<S> << mantissa<S>;

template <class S>
void check_every_pattern() {
    int wrong = 0, not_numbers = 0;
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        float const x = pattern<S>(bits);
        if ((bits & 0x7fff) > infinity<S>) {
            ++not_numbers;
            S const back(x), from_double{static_cast<double>(x)};
            wrong += !std::isnan(x) || std::signbit(x) != ((bits & 0x8000) != 0) ||
                     (back.bits & 0x7fff) <= infinity<S> || (from_double.bits & 0x7fff) <= infinity<S> ||
                     !std::isnan(float(back));
            continue;
        }
        double const expected =
            (bits & 0x7fff) == infinity<S> ? (bits & 0x8000 ? -HUGE_VAL : HUGE_VAL) : value_of<S>(bits);
        wrong += std::bit_cast<std::uint64_t>(double(x)) != std::bit_cast<std::uint64_t>(expected);
        wrong += S(x).bits != bits || S(double(x)).bits != bits;
    }
    CHECK(wrong == 0);
    CHECK(not_numbers == 2 * ((1 << mantissa<S>)-1));
}

// Between each two neighbours: below the middle, at it and above it; the middle is a tie, and goes to the even one.
template <class S, class T>
void check_rounding() {
    int wrong = 0;
    for (std::uint32_t sign : {0u, 0x8000u})
        for (std::uint32_t bits = 0; bits < infinity<S>; ++bits) {
            // Beyond the largest, what is rounded as if the next one were a number.
            std::uint32_t const low = sign | bits, high = sign | (bits + 1), even = bits % 2 == 0 ? low : high;
            double const a = value_of<S>(low), b = value_of<S>(high), middle = a / 2 + b / 2;
            T const tie = static_cast<T>(middle);
            REQUIRE(double(tie) == middle);
            T const toward_low = std::nextafter(tie, T(0)), toward_high = std::nextafter(tie, static_cast<T>(2 * b));
            wrong += S(tie).bits != even;
            wrong += S(toward_low).bits != low;
            wrong += S(toward_high).bits != high;
        }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("every pattern of 16 bits is the number of the formula, and rounds to itself", "[storage]") {
    check_every_pattern<pm::bfloat16>();
    check_every_pattern<pm::float16>();
}
TEST_CASE("between neighbours of 16 bits a number goes to the nearest, a tie to the even one", "[storage]") {
    check_rounding<pm::bfloat16, float>();
    check_rounding<pm::bfloat16, double>();
    check_rounding<pm::float16, float>();
    check_rounding<pm::float16, double>();
}
TEST_CASE("the compiler rounds and converts to 16 bits as the program does", "[storage]") {
    STATIC_REQUIRE(pm::float16(1.0f).bits == 0x3c00);
    STATIC_REQUIRE(pm::float16(65519.0f).bits == 0x7bff);
    STATIC_REQUIRE(pm::float16(65520.0f).bits == 0x7c00);  // a tie with what is no number is infinite
    STATIC_REQUIRE(pm::float16(-1e30).bits == 0xfc00);
    STATIC_REQUIRE(pm::float16(0x1p-25f).bits == 0);
    STATIC_REQUIRE(pm::float16(0x1.000002p-25f).bits == 1);
    STATIC_REQUIRE(pm::float16(-0.0f).bits == 0x8000);
    STATIC_REQUIRE(pm::float16(-1e-300).bits == 0x8000);
    STATIC_REQUIRE(pm::bfloat16(1.0f).bits == 0x3f80);
    STATIC_REQUIRE(pm::bfloat16(std::numeric_limits<float>::max()).bits == 0x7f80);
    STATIC_REQUIRE(pm::bfloat16(0x1.fep127f).bits == 0x7f7f);
    STATIC_REQUIRE(pm::bfloat16(1e39).bits == 0x7f80);
    STATIC_REQUIRE(pm::bfloat16(std::numeric_limits<float>::denorm_min()).bits == 0);
    STATIC_REQUIRE(pm::bfloat16(std::numeric_limits<double>::denorm_min()).bits == 0);
    // Rounded once: as a float first it would be a tie.
    STATIC_REQUIRE(pm::bfloat16(1 + 0x1p-8 + 0x1p-40).bits == 0x3f81);
    STATIC_REQUIRE(pm::float16(1 + 0x1p-11 + 0x1p-40).bits == 0x3c01);
    STATIC_REQUIRE(float(pm::float16(0.1f)) == 0x1.998p-4f);
    STATIC_REQUIRE(float(pm::float16(0x1p-24f)) == 0x1p-24f);
    STATIC_REQUIRE(float(pm::bfloat16(0.1f)) == 0x1.9ap-4f);
    STATIC_REQUIRE(pm::float16().bits == 0);
    STATIC_REQUIRE(float(pm::bfloat16(-3.0)) == -3);
    int wrong = 0;
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        float const here = pattern<pm::float16>(bits),
                    there = pm::detail::widened_by_integers(static_cast<std::uint16_t>(bits));
        wrong += std::isnan(here) ? !std::isnan(there)
                                  : std::bit_cast<std::uint32_t>(here) != std::bit_cast<std::uint32_t>(there);
    }
    CHECK(wrong == 0);
}
