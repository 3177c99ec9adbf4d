// x^y in constant evaluation, from the logarithm in two parts.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/logarithm.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

// x^y with the special cases of C: pow(x, 0) and pow(1, y) are 1, NaN for a negative x with a y that is no integer.
constexpr double pow(double x, double y) noexcept {
    if (y == 0 || x == 1) return 1;
    if (isnan(x) || isnan(y)) return not_a_number;
    bool const whole = floor(y) == y, odd = whole && abs(y) < 0x1p53 && (std::int64_t(y) & 1) != 0;
    bool const negative = signbit(x) && odd;
    double const a = abs(x);
    if (a == 1) return whole ? (negative ? -1 : 1) : not_a_number;  // an infinite y is whole and even: pow(-1, inf) = 1
    if (x < 0 && !whole && isfinite(x)) return not_a_number;
    double const huge = negative ? -infinity : infinity, nothing = negative ? -0.0 : 0.0;
    if (a == 0 || a == infinity) return (a == 0) == (y < 0) ? huge : nothing;
    if (abs(y) > 1e20) return (a > 1) == (y > 0) ? infinity : 0;
    if (abs(y) < 1e-20) return 1;
    detail::pair const l = detail::log_pair(a), p = detail::two_product(y, l.hi);
    if (abs(p.hi) > 800) return p.hi > 0 ? huge : nothing;
    double const result = detail::exp(p.hi, p.lo + y * l.lo);
    return negative ? -result : result;
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
