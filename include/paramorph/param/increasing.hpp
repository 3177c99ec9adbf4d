// increasing(d): along the last axis the sums of d up to each element, and greater than the one before it: where a step
// is lost in the sum (1 + 1e-20), or not positive, the next number of the element type. At the largest number they
// stay. The interpreter, which computes in double, takes the next double: a float program that is evaluated while
// compiling may have equal neighbours.
//
//   y[0] = d[0],  y[k] = max(y[k - 1] + d[k], the next number above y[k - 1])
//
// Adjoint: that of cumsum, whose accuracy it has. NaN reaches every later element. Errors: a tensor without an axis is
// the compiler's. Cost: one pass. Source: Stan Reference Manual, Ordered vector.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <type_traits>

#include "paramorph/core/neighbours.hpp"
#include "paramorph/op/cumsum.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct increasing : dense<increasing, 1> {
    static constexpr std::string_view name = "increasing";
    using uses = ops<cumsum>;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        constexpr T most = std::numeric_limits<T>::max();
        auto const finite = [](T y) { return y > most ? most : y < -most ? -most : y; };
        int const n = x.shape[0].from_end(0);
        for (int row = 0; row < x.shape[0].size(); row += n) {
            T y = x.result[0][row] = finite(x.argument[0][row]);
            for (int k = 1; k < n; ++k) {
                T const step = x.argument[0][row + k];
                // A greater finite sum is the next number at least; all else is rare. (A constant sum must not
                // overflow.)
                if (T const sum = std::is_constant_evaluated() ? y : y + step; sum > y && sum <= most)
                    y = sum;
                else
                    y = after(y, step);
                x.result[0][row + k] = y;
            }
        }
        return true;
    }

  private:
    template <class T>
    static constexpr T after(T y, T step) noexcept {
        constexpr T most = std::numeric_limits<T>::max();
        if (step != step) return step;
        if (y != y) return y;
        T const room = y > 0 ? most - y : most, next = y < most ? paramorph::detail::next_number(y, true) : most;
        T const sum = step >= room ? most : step > 0 ? y + step : y;
        return sum > next ? sum : next;
    }

  public:
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<cumsum>(g, attributes{{g.shape_of(n.first).rank - 1, 1}}, a.cotangent[0]);
    }
};
}  // namespace op

namespace param::detail {

template <traced X>
constexpr auto increasing(X const& steps) {
    return apply<op::increasing>(steps);
}
// Without the first `Begin` elements of each row: what an increasing row grows by.
template <int Begin, traced X>
constexpr auto elements_from(X const& x) {
    return slice<-1, Begin, extents_of<X>.from_end(0)>(x);
}
template <fixed_string Who, traced X>
constexpr bool has_rows() {
    constexpr bool has_axis = extents_of<X>.rank > 0;
    if constexpr (!has_axis) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": the tensor must have at least one axis")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return has_axis;
}

}  // namespace param::detail

}  // namespace paramorph::inline PARAMORPH_ABI
