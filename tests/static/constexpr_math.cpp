// Elementary functions as constants: exact values, and what happens at infinities, zeros, subnormals and NaN. Numbers
// in the names of types, as sentences have them.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/type_name.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

static_assert(sqrt(2) == 1.4142135623730951 && sqrt(1e-320) == 9.9999443357584897e-161 && sqrt(0.25) == 0.5);
static_assert(exp(0) == 1 && exp(1) == 2.7182818284590451 && exp(-infinity) == 0 && exp(710) == infinity);
static_assert(log(1) == 0 && log(10) == 2.3025850929940457 && log(0) == -infinity && isnan(log(-1)));
static_assert(expm1(1e-300) == 1e-300 && log1p(1e-300) == 1e-300 && log1p(-1) == -infinity);
static_assert(tanh(1) == 0.76159415595576485 && tanh(-infinity) == -1 && erf(infinity) == 1 &&
              isnan(erf(not_a_number)));
static_assert(sin(1e22) == -0.85220084976718879 && cos(0) == 1 && pow(2, 10) == 1024 && pow(-2, 3) == -8);
static_assert(sigmoid(0) == 0.5 && sigmoid(-infinity) == 0 && softplus(-infinity) == 0 && softplus(1000) == 1000);
static_assert(floor(-0.5) == -1 && ldexp(1, -1074) == 4.9406564584124654e-324 && frexp(8).exponent == 4);
static_assert(rsqrt(0.25) == 2 && rsqrt(-0.0) == -infinity && isnan(rsqrt(-1)) && rsqrt(infinity) == 0);
static_assert(gelu(1) == 0.84134474606854293 && gelu(-infinity) == 0 && gelu(infinity) == infinity && gelu(-38) < 0);
static_assert(silu(0) == 0 && silu(-infinity) == 0 && silu(1) == 0.7310585786300049 && silu(1000) == 1000);

}  // namespace paramorph::inline PARAMORPH_ABI::math

namespace {

template <auto Number>
struct of {};
template <auto Number>
constexpr auto named = paramorph::detail::short_type_name<of<Number>>();

static_assert(named<0.3> == "of<0.3>" && named<0.1F> == "of<0.1>" && named<-2.5> == "of<-2.5>");
static_assert(named<100.0> == "of<100>" && named<0.001> == "of<0.001>" && named<1e-4> == "of<1e-4>");
static_assert(named<1e30> == "of<1e+30>" && named<1e-30> == "of<1e-30>" && named<5> == "of<5>");
#ifndef __clang__  // which prints six digits
static_assert(named<1.7976931348623157e308> == "of<1.7976931348623157e+308>");
static_assert(named<3.4028235e38F> == "of<3.4028235e+38>" && named<1.0 / 3> == "of<0.3333333333333333>");
static_assert(named<0.1L> == "of<1.00000000000000000001e-1l>");
#endif

}  // namespace
