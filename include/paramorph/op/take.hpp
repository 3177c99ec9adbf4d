// take<padding>(table, indices): rows of a table at indices known at run time. No gradient flows to the indices.
//
// Shapes: [count, d], int32 [i...] -> [i..., d]; the indices have one to three axes. Adjoint: add_at, the sum of the
// cotangents of the places where a row was taken, zero for rows that were not, and for the row `padding` (-1, the
// default: none). Accuracy of the adjoint: up to 96 places the sums run in their order; of more, what rounding leaves
// out is kept beside them, and the error is a unit in the last place. Errors: an index outside [0, count) fails the
// program's status (pm::error on the host), and nothing is read there; negative indices do not count from the end.
// Cost: a copy; the adjoint fills the table with zeros and is one pass over the cotangent, of more than 96 places two
// tables. Source: torch.nn.functional.embedding.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

inline constexpr char index_outside[] = "take, embedding: an index lies outside of the table";
// Of take and its gradient alike: the first of them that runs says it.
template <int Count>
inline constexpr auto index_outside_of = paramorph::detail::text_of<paramorph::detail::sentence(
    "take, embedding: an index lies outside [0, ", Count, "); indices count the rows of the table from 0")>;

struct add_at;

// Attributes: the row that gets no gradient, or -1; 1 where that row is read as zeros, as in the adjoint of add_at.
struct take : dense<take, 2> {
    static constexpr std::string_view name = "take";
    static constexpr char const* requirement = index_outside;
    using uses = ops<add_at>;
    using takes_labels = void;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[1];
        s.d[s.rank++] = a[0].d[1];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const count = x.shape[0].d[0], width = x.shape[0].d[1], places = x.shape[1].size();
        int const zeros = x.attribute.v[1] != 0 ? x.attribute.v[0] : -1;
        for (int i = 0; i < places; ++i) {
            int const row = x.integer[1][i];
            if (row < 0 || row >= count) return false;
            T const* const from = x.argument[0] + row * width;
            T* const to = x.result[0] + i * width;
            for (int k = 0; k < width; ++k) to[k] = row == zeros ? T(0) : from[k];
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const at{{n.attribute.v[0], g.shape_of(n.argument[0]).d[0]}};
        a.of_argument[0] = push_with<add_at>(g, at, n.text, a.cotangent[0], n.argument[1]);
    }
};

// Attributes: the row that stays zero, or -1; the number of rows. Results: the sums, and scratch of their shape where
// there are more places than are added one after the other: what rounding left out (compensated_sum).
struct add_at : dense<add_at, 2, 2> {
    static constexpr std::string_view name = "add_at";
    static constexpr char const* requirement = index_outside;
    using uses = ops<take>;
    using takes_labels = void;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        if (result == 1 && a[1].size() <= longest_chain) return {};
        return {2, {at.v[1], a[0].from_end(0)}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const count = x.attribute.v[1], width = x.shape[0].from_end(0), places = x.shape[1].size();
        bool const compensates = places > longest_chain;
        for (int i = 0; i < count * width; ++i) x.result[0][i] = T(0);
        for (int i = 0; compensates && i < count * width; ++i) x.result[1][i] = T(0);
        for (int i = 0; i < places; ++i) {
            int const row = x.integer[1][i];
            if (row < 0 || row >= count) return false;
            if (row == x.attribute.v[0]) continue;
            add_to_row(x.result[0] + row * width, compensates ? x.result[1] + row * width : nullptr,
                       x.argument[0] + i * width, width);
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<take>(g, attributes{{n.attribute.v[0], 1}}, n.text, a.cotangent[0], n.argument[1]);
    }
};

}  // namespace op

template <int Padding = -1, traced X, traced Indices>
constexpr auto take(X const& table, Indices const& indices) {
    constexpr extents s = extents_of<X>, i = extents_of<Indices>;
    constexpr bool fits = s.rank == 2 && i.rank >= 1 && i.rank < max_rank;
    using element = typename detail::operand_type<Indices>::value_type;
    constexpr bool whole = std::is_same_v<element, std::int32_t>;
    if constexpr (!whole) {
        using wrong =
            detail::mistake<detail::sentence("take: indices must be std::int32_t, they are ", name_of_element<element>,
                                             ": give the rows' numbers as ", "xt::xtensor_fixed<std::int32_t, ...>")>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!fits) {
        using wrong = detail::mistake<detail::sentence(
            "take: the table must be a matrix and the indices of one to three axes: the table is ", s,
            ", the indices are ", i)>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (fits && whole)
        return detail::apply_to<op::take, attributes{{Padding}}, 1>(op::index_outside_of<s.d[0]>.text,
                                                                    detail::as_operand(table), indices);
    else
        return detail::after_mistake(table);
}

}  // namespace paramorph::inline PARAMORPH_ABI
