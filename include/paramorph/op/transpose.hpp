// transpose(x): the last two axes swapped, [..., m, n] -> [..., n, m]; any other order of the axes is op/permute.hpp's.
// Read through in the kernel that uses it: tiles are transposed in registers. Adjoint: the inverse permutation.
// Errors: a vector, which has no second axis, is the compiler's.
// Cost: none of its own, in value and gradient; a dense operation that cannot read it in place, or a reshape, reads a
// copy.
// Source: torch.Tensor.mT.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
// Attributes: axis k of the result is axis v[k] of the argument.
struct transpose : viewing<transpose> {
    static constexpr std::string_view name = "transpose";
    using uses = ops<transpose>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes p, int) {
        extents s{a[0].rank, {}};
        for (int k = 0; k < s.rank; ++k) s.d[k] = a[0].d[p.v[k]];
        return s;
    }
    static constexpr attributes inverse(attributes const& p) {
        attributes q;
        for (int k = 0; k < max_rank; ++k) q.v[p.v[k]] = k;
        return q;
    }
    static constexpr view_map view(graph const&, node const& n) {
        attributes const q = inverse(n.attribute);
        return {{q.v[0], q.v[1], q.v[2], q.v[3]}, {}};
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<transpose>(g, inverse(n.attribute), a.cotangent[0]);
    }
    // transpose(transpose(x)) is x, or one transpose.
    static constexpr int rewrite(auto& g, node const& n) {
        if (n.attribute == attributes{{0, 1, 2, 3}}) return n.argument[0];
        node const inner = g.producer_of(n.argument[0]);
        if (inner.operation->id != id_of<transpose>) return -1;
        attributes p;
        for (int k = 0; k < max_rank; ++k) p.v[k] = inner.attribute.v[n.attribute.v[k]];
        return p == attributes{{0, 1, 2, 3}} ? inner.argument[0] : push_with<transpose>(g, p, inner.argument[0]);
    }
    static constexpr attributes last_two(int rank) {
        attributes p{{0, 1, 2, 3}};
        p.v[rank - 1] = rank - 2;
        p.v[rank - 2] = rank - 1;
        return p;
    }
};
}  // namespace op

template <traced X>
constexpr auto transpose(X const& x) {
    constexpr int rank = extents_of<X>.rank;
    if constexpr (rank >= 2)
        return apply<op::transpose, op::transpose::last_two(rank)>(x);
    else {
        using wrong = detail::mistake<detail::sentence(
            "transpose: the argument must be a matrix; a vector has no second axis (use unsqueeze): it is ",
            extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
