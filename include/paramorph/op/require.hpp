// require(x, condition, sentence): x, provided that every element of the condition is not zero (NaN does not hold).
// Otherwise the program fails with the sentence: `pm::error` on the host, a status where nothing is thrown, a compile
// error in a proof. Adjoint: the cotangent, unchanged. Cost: one pass that copies x and reads the condition; none for
// the gradient. Source: torch._assert_async.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct require : dense<require, 2> {
    static constexpr std::string_view name = "require";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        bool holds = true;
        for (int i = 0; i < x.shape[1].size(); ++i)
            holds = holds && x.argument[1][i] == x.argument[1][i] && x.argument[1][i] != T(0);
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i];
        return holds;
    }
    static constexpr void derive(graph&, node const&, adjoint& a) { a.of_argument[0] = a.cotangent[0]; }
};
}  // namespace op

template <traced X, traced Condition>
constexpr auto require(X const& x, Condition const& condition, char const* sentence) {
    return detail::apply_to<op::require, attributes{}, 1>(sentence, detail::as_operand(x),
                                                          detail::as_operand(condition));
}

}  // namespace paramorph::inline PARAMORPH_ABI
