// invertible: u diag(softplus(s)) v^T, [n, n] -> [n, n]: the matrices with a positive determinant. special_linear:
// u diag(exp(s - mean(s))) v^T, [n, n] -> [n, n]: those whose determinant is 1, a diagonal divided by the n-th root of
// its product. u and v are orthogonal; param/singular_values.hpp says where in the original they and s are, n^2 numbers
// (of which the mean of s has no effect in special_linear).
//
// right_inverse(w): the singular value decomposition of w, for special_linear of w / det(w)^(1/n), which `project`
// takes. Grade: right. The set has two components, and so has that of the negative determinants: no continuous map can
// leave one, and a matrix of the other is refused. A determinant that may be 1 but for the rounding of w, which changes
// the smallest singular value by up to the condition times epsilon of it, is taken as 1; beyond a condition of some 1e6
// in float (1e15 in double) rounding decides its sign, too. Errors: assigning a matrix whose determinant is not
// positive. Cost: 8 n^3 operations for u and v, one product; assigning, an svd. Source: geotorch.GLp and geotorch.SL,
// which has softplus there, too.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/exponential.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/singular_values.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// What invertible and special_linear share; Values says the singular values of numbers, and back.
template <fixed_string Who, class Values>
struct with_positive_determinant {
    static constexpr auto inverse = grade::right;
    template <class Shape>
    using state = signs_state<Shape, 0>;
    static constexpr auto forward(auto x, auto signs) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1])
            return with_singular_values<e.d[0]>(x, Values::of_numbers(leading_diagonal<e.d[0]>(x)) * signs);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto w, auto signs) {
        if constexpr (paramorph::detail::is_square<Who, decltype(w)>())
            return from_singular_values<extents_of<decltype(w)>.d[0]>(w, [](auto s, auto sign) {
                return Values::numbers_of(require(s, (s > 0) * unsqueeze<0>(prod(sign) > 0), Values::refusal));
            });
        else
            return updated(w, signs);
    }
    static constexpr auto initial_state(auto, auto noise) { return ones(noise); }
};

struct positive_values {
    static constexpr char const* refusal =
        "invertible: the determinant of the matrix assigned must be positive, beyond rounding";
    static constexpr auto of_numbers(auto x) { return positive::forward(x); }
    static constexpr auto numbers_of(auto s) { return positive::right_inverse(s); }
};
struct values_of_product_one {
    static constexpr char const* refusal =
        "special_linear: the determinant of the matrix assigned must be positive, beyond rounding";
    // Of differences from the first number, so that large ones have a mean; a summand does not matter.
    static constexpr auto of_numbers(auto x) {
        auto const y = x - detach(slice<0, 0, 1>(x));
        return exponential::forward(y - mean(y));
    }
    // Where rounding of the largest singular value may have changed the smallest one, the last, so far that their
    // product is not 1, the last one alone takes what is off.
    static constexpr auto numbers_of(auto s) {
        using T = typename decltype(s)::value_type;
        constexpr int n = extents_of<decltype(s)>.d[0];
        auto const x = log(s);
        auto const off = sum(x);
        auto const rounding = max(s) / min(s) * (8.0 * n * std::numeric_limits<T>::epsilon());
        return x - where(abs(off) <= rounding, select<0, n - 1>(identity<n>() * off), off / double(n));
    }
};

}  // namespace detail

struct invertible : detail::with_positive_determinant<"invertible", detail::positive_values> {
    using codomain = set::positive_determinant;
};
struct special_linear : detail::with_positive_determinant<"special_linear", detail::values_of_product_one> {
    using codomain = set::special_linear;
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
