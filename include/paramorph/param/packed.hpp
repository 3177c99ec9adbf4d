// packed<P>: P(unpack(v)), [n (n + 1) / 2] -> [n, n]: the parametrization P, one of symmetric, skew, upper_triangular
// and lower_triangular, whose original holds only the numbers that P reads, as a vector: n (n + 1) / 2 for an n x n
// matrix, n (n - 1) / 2 for a skew one.
//
//     pm::nn::linear<8, 8, pm::weight<pm::param::packed<pm::param::skew>>>    // 28 numbers to train, not 64
//
// right_inverse: pack(a). The numbers are the free triangle row by row, in
// the order of torch.triu_indices(n, n) for symmetric and upper_triangular, triu_indices(n, n, 1) for skew,
// tril_indices(n, n) for lower_triangular. Grade: bijective, on P's codomain, whose chart the
// numbers are: log_abs_det is 0. Errors: a parametrization that reads no triangle is the compiler's; assigning a matrix
// of another set is refused, as P refuses it. Cost: a copy into the full layout, then P's pass over memory; the
// optimizer's state is halved too.
//
// pack_original and unpack_original convert an original from and to the full layout, which P itself and PyTorch's
// parametrizations have. Source: torch.triu_indices; LAPACK's packed storage.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/pack.hpp"
#include "paramorph/param/skew.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/param/triangular.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

// Which triangle of its original P reads: from diagonal `diagonal` up (side 1) or down (side -1). A user's own
// parametrization that reads one triangle can be packed by specialising this.
struct triangle {
    int diagonal, side;
    constexpr op::packed_rows of(int n) const { return {n, diagonal, side}; }
};
// The triangle of P; side 0: P reads none, or has not said it.
template <class P>
inline constexpr triangle free_triangle{0, 0};
template <>
inline constexpr triangle free_triangle<symmetric>{0, 1};
template <>
inline constexpr triangle free_triangle<skew>{1, 1};
template <>
inline constexpr triangle free_triangle<upper_triangular>{0, 1};
template <>
inline constexpr triangle free_triangle<lower_triangular>{0, -1};

template <class P>
struct packed {
    static constexpr triangle free = free_triangle<P>;
    static_assert(free.side != 0,
                  "packed: the parametrization must read one triangle of its original: symmetric, skew, "
                  "upper_triangular, lower_triangular, or one with a `free_triangle` of its own");
    using codomain = codomain_of<P>;
    static constexpr auto inverse = grade::bijective;

    static constexpr auto forward(auto v) {
        constexpr int n = rows_of(extents_of<decltype(v)>.from_end(0));
        if constexpr (free.side > 0)
            return P::forward(unpack_upper<n, free.diagonal>(v));
        else
            return P::forward(unpack_lower<n, free.diagonal>(v));
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (free.side > 0)
            return pack_upper<free.diagonal>(a);
        else
            return pack_lower<free.diagonal>(a);
    }
    static constexpr auto log_abs_det(auto v) { return paramorph::detail::no_log_abs_det(v); }

  private:
    // The n whose triangle holds `count` numbers, or the first that holds more.
    static constexpr int rows_of(int count) {
        int n = 1;
        while (free.of(n).count() < count) ++n;
        return n;
    }
};

// The packed original of P from an n x n original in the full layout, row-major, of which the other triangle is not
// read. `full` and `packed` do not overlap.
template <class P, class T>
constexpr void pack_original(T const* full, T* packed, int n) {
    free_triangle<P>.of(n).pack(full, packed);
}
// The n x n original in the full layout, zero in the other triangle, from the packed original of P.
template <class P, class T>
constexpr void unpack_original(T const* packed, T* full, int n) {
    free_triangle<P>.of(n).unpack(packed, full);
}

}  // namespace paramorph::inline PARAMORPH_ABI::param
