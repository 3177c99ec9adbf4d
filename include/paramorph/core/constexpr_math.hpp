// Elementary functions that can be evaluated by the compiler, in double: no compiler of 2024 but g++ offers them.
//
// The interpreter of the graph, frozen weights and every `static_assert` about a parametrization rest on them; each
// family has its header in core/math/. They call no library function, include no <cmath>, and run the same code in
// constant evaluation and at run time (sqrt: the instruction). No intermediate overflows and no operation makes a NaN:
// constant evaluation refuses both.
//
// Accuracy: at most 2 ulp over the whole domain, subnormal arguments and results, infinities and NaN included (sqrt is
// correctly rounded). Cost: 40 to 100 of clang's evaluation steps for one call; 200 for sin and cos beyond 2^20, 250
// for pow. The polynomials are this library's own minimax fits, with the error of each beside it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/error_function.hpp"
#include "paramorph/core/math/exponential.hpp"
#include "paramorph/core/math/logarithm.hpp"
#include "paramorph/core/math/power.hpp"
#include "paramorph/core/math/trigonometric.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

// The policy for constant evaluation: an operation written once as `value<M>(x)` calls `M::exp(x)`, and M is this, or
// `kernel::accurate` for vectors.
struct constant {
    using fast_version = constant;
    static constexpr double abs(double x) noexcept { return math::abs(x); }
    static constexpr double sqrt(double x) noexcept { return math::sqrt(x); }
    static constexpr double rsqrt(double x) noexcept { return math::rsqrt(x); }
    static constexpr double exp(double x) noexcept { return math::exp(x); }
    static constexpr double expm1(double x) noexcept { return math::expm1(x); }
    static constexpr double log(double x) noexcept { return math::log(x); }
    static constexpr double log1p(double x) noexcept { return math::log1p(x); }
    static constexpr double tanh(double x) noexcept { return math::tanh(x); }
    static constexpr double sigmoid(double x) noexcept { return math::sigmoid(x); }
    static constexpr double sigmoid(double x, double factor, double height) noexcept {
        return height * math::sigmoid(factor * x);
    }
    static constexpr double softplus(double x) noexcept { return math::softplus(x); }
    static constexpr double silu(double x) noexcept { return math::silu(x); }
    static constexpr double pow(double x, double y) noexcept { return math::pow(x, y); }
    static constexpr double sin(double x) noexcept { return math::sin(x); }
    static constexpr double cos(double x) noexcept { return math::cos(x); }
    static constexpr double erf(double x) noexcept { return math::erf(x); }
    static constexpr double normal_cdf(double x) noexcept { return math::normal_cdf(x); }
    static constexpr double gelu(double x) noexcept { return math::gelu(x); }
    static constexpr double min(double a, double b) noexcept { return math::min(a, b); }
    static constexpr double max(double a, double b) noexcept { return math::max(a, b); }
    static constexpr double where(bool condition, double a, double b) noexcept { return condition ? a : b; }
    static constexpr double where_or_zero(bool condition, double x) noexcept { return condition ? x : 0; }
    static constexpr double fma(double a, double b, double c) noexcept { return a * b + c; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::math
