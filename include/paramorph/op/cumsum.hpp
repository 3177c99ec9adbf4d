// cumsum<axis>(x): the sums of the elements up to each one along an axis, which may be counted from the end.
//
//   cumsum(x)[k] = x[0] + ... + x[k]
//
// Shapes: unchanged, rank 1 to 4. Adjoint: the cumulative sum of the cotangent from the end,
//   x'[k] = c[k] + ... + c[n - 1].
// Accuracy: sums run in the order of the elements, in x's own type. Up to 96 elements the error is at most k units in
// the last place of |x[0]| + ... + |x[k]|; along a longer axis what rounding leaves out is kept beside the sum
// (core/pairwise.hpp), and the error is one unit. Sums of numbers that are not negative never fall. NaN and infinities
// reach every later element.
// Errors: an axis that is not there is the compiler's.
// Cost: one pass, and no memory but the result; a longer axis takes ten additions an element. Vectorised over what
// stands below the axis; along the last axis, whose sums follow one another, rows run four at a time.
// Source: torch.cumsum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

#include "paramorph/core/pairwise.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Attributes: the axis; 1 where the sums start at the end.
struct cumsum : dense<cumsum, 1> {
    static constexpr std::string_view name = "cumsum";
    using uses = ops<cumsum>;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis), n = x.shape[0].d[axis],
                  outer = x.shape[0].size() / (n * inner);
        int const first = x.attribute.v[1] != 0 ? n - 1 : 0, step = x.attribute.v[1] != 0 ? -1 : 1;
        // Sums side by side; neighbours of the last axis are rows apart.
        auto const run = [&]<int Sums>(std::integral_constant<int, Sums>, int begin, int apart) {
            T const* const from = x.argument[0] + begin + first * inner;
            T* const to = x.result[0] + begin + first * inner;
            if (n > longest_chain)
                compensated<Sums>(from, to, n, apart, step * inner);
            else
                plain<Sums>(from, to, n, apart, step * inner);
        };
        constexpr std::integral_constant<int, 1> one;
        constexpr std::integral_constant<int, 4> four;
        constexpr std::integral_constant<int, 16> sixteen;
        int o = 0;
        if (inner == 1)
            for (; o + 4 <= outer; o += 4) run(four, o * n, n);
        for (; o < outer; ++o) {
            int i = 0;
            for (; i + 16 <= inner; i += 16) run(sixteen, o * n * inner + i, 1);
            for (; i < inner; ++i) run(one, o * n * inner + i, 1);
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<cumsum>(g, attributes{{n.attribute.v[0], 1 - n.attribute.v[1]}}, a.cotangent[0]);
    }

  private:
    // A sum waits for the one before it, not for its neighbours.
    template <int Sums, class T>
    static constexpr void plain(T const* from, T* to, int n, int apart, int step) noexcept {
        T total[Sums];
        for (int s = 0; s < Sums; ++s) to[s * apart] = total[s] = from[s * apart];
        for (int k = 1, at = step; k < n; ++k, at += step)
            for (int s = 0; s < Sums; ++s) to[s * apart + at] = total[s] = total[s] + from[s * apart + at];
    }
    template <int Sums, class T>
    static constexpr void compensated(T const* from, T* to, int n, int apart, int step) noexcept {
        compensated_sum<T> total[Sums];
        for (int s = 0; s < Sums; ++s) to[s * apart] = total[s].sum = from[s * apart];
        for (int k = 1, at = step; k < n; ++k, at += step)
            for (int s = 0; s < Sums; ++s) {
                total[s].add(from[s * apart + at]);
                to[s * apart + at] = total[s].sum;
            }
    }
};

}  // namespace op

#define PARAMORPH_NO_AXIS(text)                                      \
    template <traced X, class... Rest, detail::sentence Says = text> \
    PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error")))          \
    constexpr auto cumsum(X const& x, Rest...) -> detail::operand_type<X> PARAMORPH_GIVES(detail::as_operand(x))
PARAMORPH_NO_AXIS("cumsum: the axis is a template argument: write pm::cumsum<0>(x)")
#undef PARAMORPH_NO_AXIS

template <int Axis, traced X>
constexpr auto cumsum(X const& x) {
    constexpr int rank = extents_of<X>.rank, axis = normal_axis(Axis, rank);
    constexpr bool exists = axis >= 0 && axis < rank;
    if constexpr (exists)
        return apply<op::cumsum, attributes{{axis}}>(x);
    else {
        using wrong = detail::mistake<detail::sentence("cumsum: the argument has no such axis: axis ", Axis, " of ",
                                                       extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
