// triu<k>(x), tril<k>(x): x on and above (below) the k-th diagonal, zero elsewhere, over the last two axes;
// identity<rows, columns>(): ones on the diagonal. Adjoint of triu and tril: the same mask on the cotangent. In a
// kernel a mask costs nothing away from its diagonal: the regions above and below are separate loops in which it is
// known. Errors: a vector, which is no matrix, is the compiler's. Cost: none of its own away from the diagonal, one
// choice an element on it, in the loop that uses it. Source: torch.triu, torch.tril, torch.eye.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Attributes: the diagonal, and 1 for upper, -1 for lower.
struct triangle : shaped<triangle> {
    static constexpr std::string_view name = "triangle";
    static constexpr category kind = category::mask;
    static constexpr int arity = 1;
    using uses = ops<triangle>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<triangle>(g, n.attribute, a.cotangent[0]);
    }
    // triu<a>(triu<b>(x)) is triu<max(a, b)>(x); for tril the lower diagonal wins.
    static constexpr int rewrite(auto& g, node const& n) {
        node const inner = g.producer_of(n.argument[0]);
        if (inner.operation->id != id_of<triangle> || inner.attribute.v[1] != n.attribute.v[1]) return -1;
        int const s = n.attribute.v[1], a = s * n.attribute.v[0], b = s * inner.attribute.v[0];
        return push_with<triangle>(g, attributes{{s * (a > b ? a : b), s}}, inner.argument[0]);
    }
};

// Attributes: rows, columns, the diagonal.
struct identity : shaped<identity> {
    static constexpr std::string_view name = "identity";
    static constexpr category kind = category::diagonal;
    static constexpr int arity = 0;
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) {
        return {2, {at.v[0], at.v[1]}};
    }
};

}  // namespace op

template <int Diagonal = 0, traced X>
constexpr auto triu(X const& x) {
    if constexpr (extents_of<X>.rank >= 2)
        return apply<op::triangle, attributes{{Diagonal, 1}}>(x);
    else {
        using wrong = detail::mistake<detail::sentence("triu: the argument must be a matrix (rank 2 or more): it is ",
                                                       extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

template <int Diagonal = 0, traced X>
constexpr auto tril(X const& x) {
    if constexpr (extents_of<X>.rank >= 2)
        return apply<op::triangle, attributes{{Diagonal, -1}}>(x);
    else {
        using wrong = detail::mistake<detail::sentence("tril: the argument must be a matrix (rank 2 or more): it is ",
                                                       extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

template <int Rows, int Columns = Rows>
constexpr auto identity() {
    constexpr bool positive = Rows > 0 && Columns > 0;
    static_assert(positive, "identity: rows and columns must be positive");
    return generator<op::identity, attributes{{positive ? Rows : 1, positive ? Columns : 1, 0}}>{};
}

}  // namespace paramorph::inline PARAMORPH_ABI
