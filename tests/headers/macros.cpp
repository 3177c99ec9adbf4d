// A program whose other headers define macros, as those of Arduino, Windows, C's <complex.h> and X11 do, and which then
// includes the umbrella (with EMBED that of targets): the library compiles and computes, and the macros are as before.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

// Arduino.h, binary.h, WString.h
#define PI 3.1415926535897932384626433832795
#define EULER 2.718281828459045235360287471352
#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x0
#define OUTPUT 0x1
#define DEFAULT 1
#define DEC 10
#define HEX 16
#define B0 0
#define B1 1
#define B10 2
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define abs(x) ((x) > 0 ? (x) : -(x))
#define constrain(amt, low, high) ((amt) < (low) ? (low) : ((amt) > (high) ? (high) : (amt)))
#define round(x) ((x) >= 0 ? (long)((x) + 0.5) : (long)((x) - 0.5))
#define radians(deg) ((deg) * 0.017453292519943295769236907684886)
#define degrees(rad) ((rad) * 57.295779513082320876798154814105)
#define sq(x) ((x) * (x))
#define square(x) ((x) * (x))
#define bit(b) (1UL << (b))
#define bitRead(value, bit) (((value) >> (bit)) & 0x01)
#define lowByte(w) ((uint8_t)((w) & 0xff))
#define F(string_literal) (string_literal)
#define word(...) makeWord(__VA_ARGS__)
#define pow(x, y) powf(x, y)
#define log(x) logf(x)
#define random(x) (rand() % (x))
// windef.h, wingdi.h, winerror.h, rpcndr.h
#define near
#define far
#define NEAR near
#define FAR far
#define small char
#define hyper long long
#define interface struct
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define STRICT 1
#define TRUE 1
#define FALSE 0
#define ERROR 0
#define TRANSPARENT 1
#define ABSOLUTE 1
#define RELATIVE 2
#define THIS void
#define PURE = 0
// complex.h
#define complex _Complex
#define I 1.0fi
// X.h, Xlib.h
#define None 0L
#define Success 0
#define Bool int
#define True 1
#define False 0
#define Status int
#define Always 2
#define Below 1
#define Above 0
#define Complex 0
#define Convex 2
// Qt, Linux, and what firmware likes to define
#define signals public
#define slots
#define emit
#define foreach(a, b) for (auto a : b)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define swap(a, b) std::exchange(a, b)
#define check(x) ((void)(x))
#define require(x) ((void)(x))
#define T 3
#define N 64
#define M 8
#define E 1

#ifdef EMBED
#include <paramorph/embed.hpp>
#else
#include <paramorph/paramorph.hpp>
#include <paramorph/testing/laws.hpp>
#endif

#if defined(PARAMORPH_MACROS_ASIDE) || !defined(near) || !defined(small) || !defined(B1) || !defined(F) || \
    !defined(None) || T != 3 || N != 64
#error "macros are not as they were"
#endif
static_assert(min(3, 2) == 2 && abs(-3) == 3 && bit(4) == 16 && B10 == 2, "nor do they say what they said");

namespace pm = paramorph;

// A call of a function of the library whose name is a macro stands in parentheses.
struct absolute {
    static constexpr auto forward(auto x) { return (pm::abs)(x) + 1; }
};
using layer = pm::nn::linear<2, 2, pm::weight<absolute>>;

#ifdef EMBED
inline constexpr pm::network_originals<layer> originals{{1, -2, 3, -4, 0, 0}};
constexpr auto frozen = pm::freeze<originals>();

int main() {
    float const x[2]{1, 1};
    float y[2];
    return frozen(x, y, {}).ok() && y[0] == 5 && y[1] == 9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
#else
int main() {
    layer net{pm::seed{0}};
    net.weight.original() = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, -2}, {3, -4}};
    net.bias = xt::xtensor_fixed<float, xt::xshape<2>>{0, 0};
    auto const y = net(xt::xtensor_fixed<float, xt::xshape<2>>{1, 1});
    bool const lawful = pm::laws<pm::param::positive, pm::shape<2, 2>>::hold();
    return y(0) == 5 && y(1) == 9 && lawful ? EXIT_SUCCESS : EXIT_FAILURE;
}
#endif
