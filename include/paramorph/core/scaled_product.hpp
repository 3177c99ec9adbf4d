// A product of numbers that neither overflows nor underflows on its way: mantissa 2^exponent. For the determinant and
// the gradient of prod.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI {

struct scaled_product {
    double mantissa = 1;
    int exponent = 0;
    constexpr void by(double x) noexcept {
        auto const [fraction, its] = math::frexp(x);
        auto const [product, carried] = math::frexp(mantissa * fraction);
        mantissa = product;
        exponent += its + carried;
    }
    // The product times x, or over it, rounded to T: infinite or zero only where the result itself does not fit.
    template <class T>
    constexpr T times(T x) const noexcept {
        auto const [fraction, its] = math::frexp(static_cast<double>(x));
        return rounded<T>(mantissa * fraction, exponent + its);
    }
    template <class T>
    constexpr T over(T x) const noexcept {
        auto const [fraction, its] = math::frexp(static_cast<double>(x));
        return rounded<T>(mantissa / fraction, exponent - its);
    }

  private:
    // Constant evaluation refuses a conversion that overflows.
    template <class T>
    static constexpr T rounded(double m, int e) noexcept {
        double const x = math::ldexp(m, e);
        if constexpr (sizeof(T) < sizeof(double)) {
            if (x >= 0x1.ffffffp127 || x <= -0x1.ffffffp127)
                return x > 0 ? std::numeric_limits<T>::infinity() : -std::numeric_limits<T>::infinity();
        }
        return static_cast<T>(x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI
