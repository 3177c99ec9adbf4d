// pack_flat(x, y, ...): the elements of all arguments, one after the other, as one row: how an operation is given more
// tensors than a node has arguments. Of one argument it is a reshape. Adjoint: each argument's run of the cotangent.
// Cost: none for an argument that is computed for this alone, which is written where it belongs; else one copy. Source:
// torch.nn.utils.parameters_to_vector.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// A run of a row. Attributes: where it begins, its length. As a slice, but of a row of any length.
struct unpacked : dense<unpacked, 1> {
    static constexpr std::string_view name = "unpacked";
    using uses = ops<pad>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return {1, {at.v[1]}}; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        for (int i = 0; i < x.attribute.v[1]; ++i) x.result[0][i] = x.argument[0][x.attribute.v[0] + i];
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const size = g.shape_of(n.argument[0]).size();
        a.of_argument[0] = push_with<pad>(g, attributes{{0, n.attribute.v[0], size}}, a.cotangent[0]);
    }
};

// Of rows.
template <int Count>
struct packed : dense<packed<Count>, Count> {
    static constexpr std::string_view name = "packed";
    using joined = concatenate<Count>;
    using uses = ops<unpacked>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return joined::shape(a, at, result);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return joined::template compute<M>(x);
    }
    static constexpr part part_of(auto const& g, node const& n, int argument) {
        return joined::part_of(g, n, argument);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        for (int k = 0, begin = 0; k < Count; ++k) {
            int const size = g.shape_of(n.argument[k]).size();
            a.of_argument[k] = push_with<unpacked>(g, attributes{{begin, size}}, a.cotangent[0]);
            begin += size;
        }
    }
};

}  // namespace op

template <int Count>
inline constexpr auto ir::family_of<op::packed<Count>> = ir::operation_family::packed;

namespace detail {

template <traced X>
constexpr auto pack_flat(X const& x) {
    return reshape<shape<extents_of<X>.size()>>(x);
}
template <traced X, traced... Y>
    requires(sizeof...(Y) > 0 && sizeof...(Y) < max_arguments)
constexpr auto pack_flat(X const& x, Y const&... y) {
    return apply<op::packed<1 + sizeof...(Y)>>(pack_flat(x), pack_flat(y)...);
}
template <traced A, traced B, traced C, traced D, traced E, traced F, traced G, traced H, traced... X>
    requires(sizeof...(X) > 0)
constexpr auto pack_flat(A const& a, B const& b, C const& c, D const& d, E const& e, F const& f, G const& g, H const& h,
                         X const&... x) {
    return pack_flat(pack_flat(a, b, c, d, e, f, g, h), x...);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
