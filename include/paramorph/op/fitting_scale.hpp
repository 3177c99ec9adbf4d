// fitting_scale: the power of two that the cotangents of a derivative are multiplied by, and its result is divided by,
// so that what is computed in between fits where the result does. It is 1 where nothing is near the ends of the range.
// For the derivatives of eigh, svd and qr, which are linear in the cotangents, and divide by gaps of eigenvalues, by
// singular values, by the diagonal of r. Cost: one pass over the cotangent and what it meets, and one product an
// element for each cotangent and for the result. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/math/basic.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: a cotangent, and what it meets, of any shapes. Attribute: how they meet. Result: of rank 0.
struct fitting_scale : dense<fitting_scale, 2> {
    static constexpr std::string_view name = "fitting_scale";
    static constexpr bool flat = true;
    enum meeting : int {
        divided,            // by every element
        divided_later,      // by the diagonal of a triangle, in a solve, which is right where elements do not fit
        multiplied_before,  // by a triangle, and then divided by its diagonal
    };
    static constexpr extents shape(extents const (&)[max_arguments], attributes, int) { return {}; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        constexpr int top = sizeof(T) == 4 ? 100 : 900, bottom = sizeof(T) == 4 ? -60 : -800;
        constexpr int one_size = -bottom;  // a triangle's diagonal is, where it differs by no more
        int const how = x.attribute.v[0], others = x.shape[1].size(),
                  step = how == divided ? 1 : x.shape[1].from_end(0) + 1;
        T largest = 0, largest_other = 0, smallest = std::numeric_limits<T>::max();
        each(x.argument[0], x.shape[0].size(), 1, [&](T size) { largest = size > largest ? size : largest; });
        each(x.argument[1], others, 1, [&](T size) { largest_other = size > largest_other ? size : largest_other; });
        each(x.argument[1], others, step, [&](T size) { smallest = size < smallest && size > 0 ? size : smallest; });
        int const low = exponent_of(smallest), high = exponent_of(largest_other);
        int const met = exponent_of(largest) + (how == divided ? -low : how == multiplied_before ? high : 0);
        int const room = how == divided || low + top > 0 ? 0 : low + top;
        int scale = met > top ? top - met : met < bottom ? room - met : 0;
        if (how != divided && high - low < one_size && met + scale - low > top) scale = top + low - met;
        // The scale is a number itself, and so is what it makes of the cotangent.
        constexpr int most = std::numeric_limits<T>::max_exponent - 2,
                      least = 3 - most - std::numeric_limits<T>::digits;
        if (scale > most - exponent_of(largest)) scale = most - exponent_of(largest);
        scale = scale > most ? most : scale < least ? least : scale;
        bool const known = largest > 0 && largest <= std::numeric_limits<T>::max();
        x.result[0][0] = known ? static_cast<T>(math::ldexp(1, scale)) : T(1);
        return true;
    }

  private:
    template <class T>
    static constexpr int exponent_of(T x) noexcept {
        return math::frexp(static_cast<double>(x)).exponent;
    }
    // A NaN is as good as infinity here.
    template <class T>
    static constexpr void each(T const* a, int size, int step, auto const& f) noexcept {
        for (int i = 0; i < size; i += step) {
            T const x = a[i] < 0 ? -a[i] : a[i];
            f(x == x ? x : std::numeric_limits<T>::infinity());
        }
    }
};

// Cotangents that are scaled together; one below zero is absent.
struct scaled_cotangents {
    using operations = ops<divide, fitting_scale, minimum, multiply>;
    int scale = -1;

    // A cotangent meets a value.
    constexpr void meet(auto& g, int cotangent, int other, fitting_scale::meeting how = fitting_scale::divided) {
        if (cotangent < 0) return;
        int const own = push_with<fitting_scale>(g, attributes{{how}}, cotangent, other);
        scale = scale < 0 ? own : push<minimum>(g, scale, own);
    }
    constexpr int enter(auto& g, int cotangent) const {
        return cotangent < 0 || scale < 0 ? cotangent : push<multiply>(g, scale, cotangent);
    }
    constexpr int leave(auto& g, int result) const { return scale < 0 ? result : push<divide>(g, result, scale); }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
