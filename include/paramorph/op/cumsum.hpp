// cumsum<axis>(x): the sums of the elements up to each one along an axis, which may be counted from the end.
//
//   cumsum(x)[k] = x[0] + ... + x[k]
//
// Shapes: unchanged, rank 1 to 4. Adjoint: the cumulative sum of the cotangent from the end,
//   x'[k] = c[k] + ... + c[n - 1].
// Accuracy: sums run in the order of the elements, in x's own type: an error of at most k units in the last place of
// |x[0]| + ... + |x[k]|. NaN and infinities reach every later element.
// Errors: an axis that is not there is the compiler's.
// Cost: one pass, and no memory but the result. Vectorised over what stands below the axis; along the last axis, whose
// sums follow one another, rows run four at a time.
// Source: torch.cumsum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

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
        int o = 0;
        if (inner == 1)
            for (; o + 4 <= outer; o += 4) rows<4>(x.argument[0] + o * n, x.result[0] + o * n, n, first, step);
        for (; o < outer; ++o) {
            T const* const from = x.argument[0] + o * n * inner;
            T* const to = x.result[0] + o * n * inner;
            if (inner == 1) {
                rows<1>(from, to, n, first, step);
                continue;
            }
            for (int i = 0; i < inner; ++i) to[first * inner + i] = from[first * inner + i];
            for (int k = 1, at = first + step; k < n; ++k, at += step)
                for (int i = 0; i < inner; ++i) to[at * inner + i] = to[(at - step) * inner + i] + from[at * inner + i];
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<cumsum>(g, attributes{{n.attribute.v[0], 1 - n.attribute.v[1]}}, a.cotangent[0]);
    }

  private:
    // Rows of n elements side by side: a sum waits for the one before it, not for its neighbours.
    template <int Rows, class T>
    static constexpr void rows(T const* from, T* to, int n, int first, int step) noexcept {
        T total[Rows];
        for (int r = 0; r < Rows; ++r) to[r * n + first] = total[r] = from[r * n + first];
        for (int k = 1, at = first + step; k < n; ++k, at += step)
            for (int r = 0; r < Rows; ++r) to[r * n + at] = total[r] = total[r] + from[r * n + at];
    }
};

}  // namespace op

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
        return detail::as_operand(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
