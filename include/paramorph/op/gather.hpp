// gather<axis, indices...>(x): the parts of x at constant indices along an axis, in the order of the indices, which may
// repeat. A negative axis counts from the end.
//
// Shapes: [..., n, ...] -> [..., number of indices, ...], rank 1 to 4; every index lies in [0, n).
// Adjoint: scatter_add, which adds each part of the cotangent to where it came from.
// Errors: an axis that is not there, an index outside it are the compiler's.
// Cost: one copy, in contiguous runs: consecutive indices are one run. Consecutive indices alone are a slice, which
// copies nothing. The adjoint is one pass over the cotangent; where an index stands more than 96 times it keeps what
// rounding leaves out beside the sums, which are then right within 2 epsilon of the sum of the magnitudes.
// Source: torch.index_select with a constant index, torch.index_add.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/core/pairwise.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// The parts of a tensor along one axis that a list of indices names, as runs of consecutive indices.
template <int... Index>
struct indexed_parts {
    static constexpr int count = sizeof...(Index), index[count > 0 ? count : 1]{Index...};
    static constexpr int run_end(int k) noexcept {
        int end = k + 1;
        while (end < count && index[end] == index[end - 1] + 1) ++end;
        return end;
    }
    // How often the index that is named most is.
    static constexpr int most_often = [] {
        int sorted[count > 0 ? count : 1]{Index...}, most = 0;
        std::sort(sorted, sorted + count);
        for (int k = 0, same = 0; k < count; ++k) {
            same = k > 0 && sorted[k] == sorted[k - 1] ? same + 1 : 1;
            most = same > most ? same : most;
        }
        return most;
    }();
};

template <int... Index>
struct scatter_add;

// Attribute: the axis.
template <int... Index>
struct gather : dense<gather<Index...>, 1> {
    static constexpr std::string_view name = "gather";
    using parts = indexed_parts<Index...>;
    using uses = ops<scatter_add<Index...>>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = parts::count;
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis), n = x.shape[0].d[axis] * inner,
                  outer = x.shape[0].size() / n;
        for (int o = 0; o < outer; ++o)
            for (int k = 0; k < parts::count;) {
                int const end = parts::run_end(k), run = (end - k) * inner;
                T* const to = x.result[0] + (o * parts::count + k) * inner;
                T const* const from = x.argument[0] + o * n + parts::index[k] * inner;
                for (int i = 0; i < run; ++i) to[i] = from[i];
                k = end;
            }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const axis = n.attribute.v[0];
        a.of_argument[0] =
            push_with<scatter_add<Index...>>(g, attributes{{axis, g.shape_of(n.argument[0]).d[axis]}}, a.cotangent[0]);
    }
};

// Attributes: the axis, the extent of the result along it. Zero where no index points. Results: the sums, and scratch
// of their shape where one sum has more than longest_chain terms: what rounding left out.
template <int... Index>
struct scatter_add : dense<scatter_add<Index...>, 1, 2> {
    static constexpr std::string_view name = "scatter_add";
    using parts = indexed_parts<Index...>;
    using uses = ops<gather<Index...>>;
    static constexpr bool compensates = [] {
        if constexpr (parts::count > longest_chain)
            return parts::most_often > longest_chain;
        else
            return false;
    }();
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        if (result == 1 && !compensates) return {};
        extents s = a[0];
        s.d[at.v[0]] = at.v[1];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis), n = x.attribute.v[1] * inner,
                  outer = x.shape[0].size() / (parts::count * inner);
        for (int o = 0; o < outer; ++o) {
            for (int i = 0; i < n; ++i) x.result[0][o * n + i] = T(0);
            for (int i = 0; compensates && i < n; ++i) x.result[1][o * n + i] = T(0);
            for (int k = 0; k < parts::count;) {
                int const end = parts::run_end(k), run = (end - k) * inner, at = o * n + parts::index[k] * inner;
                add_to_row(x.result[0] + at, compensates ? x.result[1] + at : nullptr,
                           x.argument[0] + (o * parts::count + k) * inner, run);
                k = end;
            }
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<gather<Index...>>(g, attributes{{n.attribute.v[0]}}, a.cotangent[0]);
    }
};

}  // namespace op

template <int... Index>
inline constexpr auto ir::family_of<op::gather<Index...>> = ir::operation_family::gather;

template <int Axis, int... Index, traced X>
constexpr auto gather(X const& x) {
    constexpr int rank = extents_of<X>.rank, axis = normal_axis(Axis, rank);
    constexpr bool exists = axis >= 0 && axis < rank;
    static_assert(sizeof...(Index) > 0, "gather: name at least one index");
    if constexpr (!exists) {
        using wrong = detail::mistake<detail::sentence("gather: the argument has no such axis: axis ", Axis, " of ",
                                                       extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (sizeof...(Index) == 0)
        return detail::as_operand(x);
    else {
        using parts = op::indexed_parts<Index...>;
        constexpr bool inside =
            std::ranges::all_of(parts::index, [](int i) { return i >= 0 && i < extents_of<X>.d[axis]; });
        if constexpr (inside && parts::run_end(0) == parts::count)
            return slice<axis, parts::index[0], parts::index[0] + parts::count>(x);
        else if constexpr (inside)
            return apply<op::gather<Index...>, attributes{{axis}}>(x);
        else {
            using wrong = detail::mistake<detail::sentence(
                "gather: an index lies outside the axis; indices count from 0 to its extent - 1: axis ", Axis, " of ",
                extents_of<X>)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        }
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
