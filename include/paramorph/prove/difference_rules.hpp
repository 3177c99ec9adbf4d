// What the difference of two programs is made of (prove/difference_pass.hpp): operations on the values a of one and on
// the errors e = b - a of the other, which no kernel computes; proofs take intervals and lines through them.
//
//   difference_of<Op>        f(a + e) - f(a) of a function f of one number: e times a slope that f has between the two
//   difference_of_largest    the difference of the largest elements of windows: one of the window's errors, at most
//   difference_of_extrema    the same of largest, or least, elements along axes
//   unmatched                nothing is known
//
// Cost: a few interval operations for each element, where a difference is asked for; no program runs them.
// Source: Paulsen, Wang, Wang 2020, "ReluDiff: Differential Verification of Deep Neural Networks"; Paulsen, Wang, Wang,
// Wang 2020, "NeuroDiff: Scalable Differential Verification of Neural Networks using Fine-Grained Approximation", for
// the lines of relu's difference.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/difference_roundings.hpp"
#include "paramorph/prove/slopes.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

template <class Op>
struct difference_of : elementwise<difference_of<Op>, 2> {
    static constexpr std::string_view name = "difference of a function";
    static constexpr int lines_along = 1;  // the error

    template <class M, class V>
    static constexpr V value(V a, V e) {
        if constexpr (!requires { a.lo; })
            return Op::template value<M>(a + e) - Op::template value<M>(a);
        else {
            V const b = a + e, x = Op::template value<M>(a), y = Op::template value<M>(b);
            if (!a.finite() || !b.finite() || !x.finite() || !y.finite()) return V::everything();
            V const bent = paramorph::detail::times_slopes(slopes(a, e), e, a.nan || e.nan);
            return both(bent, y - x);
        }
    }
    // Of the arguments' intervals, finite ones: the lines of e times any of the slopes.
    template <class T>
    static constexpr paramorph::detail::lines error_lines(interval<T> const* x) {
        return slopes(x[0], x[1]).lines(x[1].lo, x[1].hi);
    }

  private:
    template <class T>
    static constexpr auto slopes(interval<T> const& a, interval<T> const& e) {
        paramorph::detail::both_ends const at(a, e);
        return paramorph::detail::slopes_of<Op>(at.lo, at.hi);
    }
};

// Argument: the errors of what take_at_max is given, at the same windows.
struct difference_of_largest : dense<difference_of_largest, 1> {
    static constexpr std::string_view name = "difference of the largest";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents const of[max_arguments]{a[0], a[0]};
        return take_at_max::shape(of, at, 0);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        auto const by = pooling_numbers::from(x.attribute);
        by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
            interval<T> y = x.argument[0][from];
            for (int k = 1; k < w.elements; ++k) y = hull(y, x.argument[0][from + k * apart]);
            x.result[0][to] = y;
        });
    }
};

// The same of op::max and op::min, whose attributes it has.
struct difference_of_extrema : dense<difference_of_extrema, 1> {
    static constexpr std::string_view name = "difference of extrema";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return max::shape(a, at, result);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        int const results = x.result_shape[0].size();
        for (int i = 0; i < results; ++i) x.result[0][i] = {math::infinity, -math::infinity};
        paramorph::detail::each_reduced(x.shape[0], max::mask(x.shape[0], x.attribute), [&](int from, int to) {
            x.result[0][to] = hull(x.result[0][to], x.argument[0][from]);
        });
    }
};

// Argument: any value that an input moves. Attributes: the shape.
struct unmatched : dense<unmatched, 1> {
    static constexpr std::string_view name = "an operation that only one of the networks has";
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return extents_from(at); }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
