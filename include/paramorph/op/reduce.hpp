// Reductions: sum, mean, max, min over some axes, or over all elements.
//
//   sum<axes...>(x), sum(x)      the sum; an axis may be negative (counted from the end); the axes disappear
//   mean, max, min               likewise; a NaN among the elements is the maximum and the minimum
//
// Adjoints: sum: the cotangent along the axes. max and min: shared evenly among equal extrema, as torch.amax does;
// where the extremum is NaN, among all (torch.amax: NaN).
// mean is the sum times a number. Both are infinite, or NaN, where the sum of some of the elements overflows, whichever
// are added first, though the result would fit (as torch.sum and torch.mean): scale such numbers before.
// Accuracy of sum, mean and what is made of them, over any axes: within 4 (log2 n + 8) epsilon of the exact sum for n
// numbers of one sign, else of the sum of their magnitudes, for every vector width and in the interpreter. A sum of
// more than 96 vectors is taken in blocks, which are added pairwise (core/pairwise.hpp). A sum over long leading axes
// is a loop of its own and takes up to 8 kB of stack, 32 kB where it shares it with sums along rows (`strip_bytes` and
// `unsplit_strip_bytes` of the target); what shares a loop with other sums and would need more is added in one go.
// Errors: an axis that is not there, that is named twice, or that is given as an argument is the compiler's.
// Cost: none of its own: a reduction is part of the loop that computes its argument, and what depends on it row by row
// follows while the rows are in the cache.
// Source: torch.sum, torch.amax.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Attribute: bit k for axis k of the argument. The argument's axes are the last of the four.
template <class Op>
struct axis_reduction : reduction<Op> {
    static constexpr int mask(extents const& argument, attributes at) { return at.v[0] << (max_rank - argument.rank); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s;
        for (int k = 0; k < a[0].rank; ++k)
            if (!(at.v[0] >> k & 1)) s.d[s.rank++] = a[0].d[k];
        return s;
    }
    // A value of the result's shape along the axes of the argument.
    static constexpr int spread(auto& g, int v, node const& n) {
        extents const s = g.shape_of(n.argument[0]);
        for (int k = 0; k < s.rank; ++k)
            if (n.attribute.v[0] >> k & 1) v = push_with<unsqueeze>(g, attributes{{k}}, v);
        return push_with<broadcast_to>(g, attributes_of(s), v);
    }
};

struct sum : axis_reduction<sum> {
    static constexpr std::string_view name = "sum";
    static constexpr double start = 0;
    using uses = ops<broadcast_to, unsqueeze>;
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return a + b;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = spread(g, a.cotangent[0], n);
    }
};

// The cotangent of an extremum, shared among the elements that are not `beside` it; NaN is beside nothing.
constexpr int shared_among_equals(auto& g, node const& n, int cotangent, int beside) {
    int const zero = append_constant(g, 0), equals = push<where>(g, beside, zero, append_constant(g, 1));
    int const share = push<divide>(g, cotangent, push_with<sum>(g, n.attribute, equals));
    return push<where>(g, beside, zero, sum::spread(g, share, n));
}
struct max : axis_reduction<max> {
    static constexpr std::string_view name = "max";
    static constexpr double start = -std::numeric_limits<double>::infinity();
    using uses = ops<broadcast_to, unsqueeze, greater, sum, divide, where>;
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return M::where(b > a, b, M::where(b == b, a, b));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const smaller = push<greater>(g, sum::spread(g, n.first, n), n.argument[0]);
        a.of_argument[0] = shared_among_equals(g, n, a.cotangent[0], smaller);
    }
};
struct min : axis_reduction<min> {
    static constexpr std::string_view name = "min";
    static constexpr double start = std::numeric_limits<double>::infinity();
    using uses = max::uses;
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return M::where(b < a, b, M::where(b == b, a, b));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const larger = push<greater>(g, n.argument[0], sum::spread(g, n.first, n));
        a.of_argument[0] = shared_among_equals(g, n, a.cotangent[0], larger);
    }
};

// Sums a cotangent down to the shape of a broadcast argument, which the attributes hold.
struct reduce_to : reduction<reduce_to> {
    static constexpr std::string_view name = "reduce_to";
    static constexpr double start = 0;
    using uses = ops<broadcast_to>;
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return extents_from(at); }
    static constexpr int mask(extents const& argument, attributes at) {
        extents const to = extents_from(at);
        int axes = 0;
        for (int k = 0; k < max_rank; ++k)
            if (to.from_end(k) == 1 && argument.from_end(k) > 1) axes |= 1 << (max_rank - 1 - k);
        return axes;
    }
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return a + b;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<broadcast_to>(g, attributes_of(g.shape_of(n.argument[0])), a.cotangent[0]);
    }
};

}  // namespace op

namespace detail {

// The axes as bits; all of them if none is named.
template <int... Axes>
constexpr int axes_mask(int rank) {
    if (sizeof...(Axes) == 0) return (1 << rank) - 1;
    int mask = 0;
    ((mask |= 1 << normal_axis(Axes, rank)), ...);
    return mask;
}

template <class Op, int... Axes, traced X>
constexpr auto reduced(X const& x) {
    constexpr int rank = extents_of<X>.rank;
    constexpr bool known = ((normal_axis(Axes, rank) >= 0 && normal_axis(Axes, rank) < rank) && ...);
    if constexpr (!known) {
        using wrong = mistake<sentence("reduction: the argument has no such axis: ", Op::name, " of ", extents_of<X>,
                                       " along axis ", listed(Axes...).view())>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    } else {
        constexpr int mask = axes_mask<Axes...>(rank);
        static_assert(sizeof...(Axes) == 0 || std::popcount(unsigned(mask)) == sizeof...(Axes),
                      "reduction: an axis is named twice");
        if constexpr (mask == 0)
            return x;  // of rank 0
        else
            return apply<Op, attributes{{mask}}>(x);
    }
}

// The axes of the mask, which a reduction has dropped, as axes of extent 1.
template <int Mask, int Axis = 0, traced X>
constexpr auto kept_axes(X const& x) {
    if constexpr (Mask >> Axis == 0)
        return x;
    else if constexpr (Mask >> Axis & 1)
        return kept_axes<Mask, Axis + 1>(unsqueeze<Axis>(x));
    else
        return kept_axes<Mask, Axis + 1>(x);
}

}  // namespace detail

// Axes as arguments, as NumPy and PyTorch have them.
#define PARAMORPH_AXES \
    "sum, mean: axes are template arguments: write pm::sum<1>(x), pm::mean<0, 1>(x) in place of pm::sum(x, 1)"
#define PARAMORPH_EXTREMA                                                                                        \
    "max, min: axes are template arguments, pm::max<1>(x); the larger of two is pm::maximum(x, y), the smaller " \
    "pm::minimum(x, y)"
#define PARAMORPH_REDUCES(name, text)                                                             \
    template <int... Axes, traced X, detail::sentence Says = text>                                \
    PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error")))                                       \
    constexpr auto name(X const& x, detail::anything) -> detail::operand_type<X> PARAMORPH_GIVES( \
        detail::as_operand(x))
PARAMORPH_REDUCES(sum, PARAMORPH_AXES)
PARAMORPH_REDUCES(mean, PARAMORPH_AXES)
PARAMORPH_REDUCES(max, PARAMORPH_EXTREMA)
PARAMORPH_REDUCES(min, PARAMORPH_EXTREMA)
#undef PARAMORPH_REDUCES
#undef PARAMORPH_AXES
#undef PARAMORPH_EXTREMA

template <int... Axes, traced X>
constexpr auto sum(X const& x) {
    return detail::reduced<op::sum, Axes...>(x);
}
template <int... Axes, traced X>
constexpr auto mean(X const& x) {
    auto const total = sum<Axes...>(x);
    return total * (double(extents_of<decltype(total)>.size()) / extents_of<X>.size());
}
template <int... Axes, traced X>
constexpr auto max(X const& x) {
    return detail::reduced<op::max, Axes...>(x);
}
template <int... Axes, traced X>
constexpr auto min(X const& x) {
    return detail::reduced<op::min, Axes...>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
