// pow(x, p): x to the power of a number p, elementwise, with the special cases of C. At most 4 ulp. The exponents 2 to
// 5, -1 and -2 are products, 0.5 and -0.5 are sqrt and rsqrt (as in PyTorch: NaN at -infinity, -0 and -infinity at -0);
// every other one costs a logarithm in two parts and an exponential. Adjoint: c p x^(p - 1); none where p is 0.
// Errors: an exponent that is a tensor is the compiler's.
// Cost: as 130 additions an element where a logarithm is needed, else 1 to 11, in the loop that uses it; the gradient
// one more power and two products.
// Source: torch.pow with a number as exponent.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/divide.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/sqrt.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
// x^N for N = 3, 4, 5.
template <int N>
struct whole_power : elementwise<whole_power<N>, 1> {
    static_assert(N >= 3 && N <= 5);
    static constexpr std::string_view name = "whole_power";
    static constexpr trend runs(double const*) {
        return {N % 2 == 0 ? -math::infinity : 0, math::infinity, N % 2 == 0};
    }
    static constexpr int cost = N > 4 ? 3 : 2;
    using uses = ops<multiply, whole_power<(N > 3 ? N - 1 : N)>>;
    template <class M, class V>
    static constexpr V value(V x) {
        V const square = x * x;
        if constexpr (N == 3)
            return square * x;
        else if constexpr (N == 4)
            return square * square;
        else
            return square * square * x;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const x = n.argument[0];
        int lower = 0;
        if constexpr (N == 3)
            lower = push<multiply>(g, x, x);
        else
            lower = push<whole_power<N - 1>>(g, x);
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<multiply>(g, lower, append_constant(g, N)));
    }
};

struct pow : elementwise_with_numbers<pow, 1> {
    static constexpr std::string_view name = "pow";
    static constexpr int cost = 130;
    using uses = ops<divide, multiply, pow, rsqrt, sqrt, whole_power<3>, whole_power<4>, whole_power<5>>;
    template <class M, class V>
    static constexpr V value(V x, double exponent) {
        return M::pow(x, exponent);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        double const p = g.producer_of(n.argument[1]).number;
        if (p == 0) return;
        int const lower = push<pow>(g, n.argument[0], append_constant(g, p - 1));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<multiply>(g, lower, n.argument[1]));
    }
    static constexpr folded fold(known const* k) {
        return k[1].constant && k[1].number == 1 ? folded{folded::argument, 0} : folded{};
    }
    static constexpr int rewrite(auto& g, node const& n) {
        double const p = g.producer_of(n.argument[1]).number;
        int const x = n.argument[0];
        if (p == 2) return push<multiply>(g, x, x);
        if (p == 3) return push<whole_power<3>>(g, x);
        if (p == 4) return push<whole_power<4>>(g, x);
        if (p == 5) return push<whole_power<5>>(g, x);
        if (p == 0.5) return push<sqrt>(g, x);
        if (p == -0.5) return push<rsqrt>(g, x);
        if (p != -1 && p != -2) return -1;
        int const inverse = push<divide>(g, append_constant(g, 1), x);
        return p == -1 ? inverse : push<multiply>(g, inverse, inverse);
    }
};
}  // namespace op

template <traced X, number P>
constexpr auto pow(X const& x, P exponent) {
    return apply_elementwise<op::pow>(x, exponent);
}
#define PARAMORPH_EXPONENT \
    "pow: the exponent must be a number: write pm::exp(y * pm::log(x)), or pm::exp(y * std::log(2.0)) where x is one"
template <operand X, traced Y, detail::sentence Says = PARAMORPH_EXPONENT>
PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_EXPONENT, "error")))
constexpr detail::operand_type<Y> pow(X const&, Y const& y) PARAMORPH_GIVES(detail::as_operand(y))

#undef PARAMORPH_EXPONENT

}  // namespace paramorph::inline PARAMORPH_ABI
