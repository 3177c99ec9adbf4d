// nearest: the element of a set that is nearest to an array, in the Frobenius norm (the Euclidean one of all elements).
//
//     auto s = pm::nearest<pm::set::symmetric>(a);   // an array: (a + a^T) / 2
//     layer.weight = pm::nearest(a);                 // the same, in the set of the weight's chain; try_assign(...) too
//
// That is another thing than `project`, which is forward(right_inverse(a)): of a matrix that is not symmetric
// param::symmetric reads the upper triangle, of any matrix param::orthogonal takes the Q of a QR factorization.
//
//   real                                    a itself
//   nonnegative, positive                   negative elements become 0, or the least positive number
//   at_least, at_most, interval             clipped; a number that the element type does not have, to the one next to
//                                           it inside
//   lower_, upper_triangular, diagonal      zero elsewhere
//   banded, block_diagonal                  zero elsewhere
//   toeplitz, circulant                     the mean of each diagonal
//   dyadic, permutation_equivariant         the mean of the elements that must be equal
//   symmetric, skew                         (a + a^T) / 2, (a - a^T) / 2
//   positive_semidefinite                   the symmetric part, without its negative eigenvalues (Higham 1988)
//   positive_semidefinite_rank_at_most<K>   the same, of the K largest
//   rank_at_most<K>                         its K largest singular values (Eckart and Young 1936)
//   almost_orthogonal, contraction          its singular values clipped
//   unit_sphere, unit_rows, sphere          divided by the length; zeros are refused, to which all are equally near
//   ball                                    the same where a row is longer than the radius
//   ordered, positive_ordered               isotonic regression, by pooling adjacent violators; where numbers would be
//                                           equal, the next ones of the element type, because the set is open
//   stiefel, orthogonal                     u vh of the singular value decomposition: the polar factor (Fan and Hoffman
//                                           1955)
//   special_orthogonal                      the same, the last singular vector turned round where the determinant is -1
//   simplex                                 max(a - t, 0) with t such that rows sum to one (Held, Wolfe and Crowder
//                                           1974)
//   row_, column_stochastic                 the same of each row, of each column
//   doubly_stochastic                       max(a_ij + u_i + v_j, 0) whose rows and columns sum to one, within 1e-12 or
//                                           n epsilon of the largest number; refused where rounding leaves nothing of
//                                           that, from 1e13 on
//   sum_to_zero, sum_to_zero_matrix         less the mean of the row; and of the column
//   values_at_most<n>                       the n means of the best parts of the numbers in order, by dynamic
//                                           programming (Fisher 1958; Wu 1991)
//   pruned<n, m>                            the n largest of every m; of equal ones the first
//   product<rows<...>...>                   that of each part
//   two_values, three_values                the mean magnitude with the signs; that of the k largest, for the best k
//
// In a weight an end of an interval, a bound and a zero of a simplex become the number next to it inside, because
// sigmoid and softmax only come near to them; so do a radius of a ball, and the ends of almost_orthogonal. Open sets
// (nonzero, invertible, spd, correlation and Cholesky factors, exact ranks) have no nearest element. A set of a user's
// own says it by `static bool nearest(double* x, extents const& shape)`: x becomes it, or the answer is false. All is
// computed in double. Errors: pm::error for another shape than the set has, and for elements that are not finite. Cost:
// one pass over the array, a sort of each row or of all, or a factorization of each matrix, by set; at run time, in
// double. Source: the papers named in the list; Higham 1989, "Matrix nearness problems and applications".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/cmath.hpp"
#include "paramorph/core/error.hpp"
#include "paramorph/parametrize/nearest_discrete.hpp"
#include "paramorph/parametrize/nearest_matrices.hpp"
#include "paramorph/parametrize/nearest_product.hpp"
#include "paramorph/parametrize/nearest_rows.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Set>
inline constexpr auto none_is_nearest = text_of<sentence(
    "nearest: no element of the set ", set_name<Set>(),
    " is nearest to this array: either the set has none of its shape, or what is nearest does not fit "
    "into its numbers, or is lost by rounding, or all are equally near, as unit vectors are to a row of "
    "zeros")>;

// The elements of y, an array in memory, become those of the nearest element of the set; or the status says why not.
template <class Set, class Y>
[[nodiscard]] status make_nearest(Y& y, bool inside) {
    using T = typename Y::value_type;
    constexpr bool is_real = real<T>, known = nearest_in<Set>::known;
    static_assert(is_real, "nearest: the array's elements must be float or double");
    static_assert(
        known,
        "nearest: the set does not say which of its elements is the nearest: it is open (nonzero, invertible, "
        "spd, a factor, ...), or a set of your own without `static bool nearest(double* x, pm::extents const& "
        "shape)`");
    if constexpr (is_real && known) {
        if (!has_elements(y)) return {without_elements};
        extents shape;
        if (y.dimension() > static_cast<std::size_t>(max_rank)) return {"nearest: an array has at most four axes"};
        shape.rank = static_cast<int>(y.dimension());
        for (int k = 0; k < shape.rank; ++k) shape.d[k] = static_cast<int>(y.shape()[static_cast<std::size_t>(k)]);
        std::vector<double> x(y.size());
        copy_row_major(y, x.data());
        for (double const e : x)
            if (!std::isfinite(e)) return {"nearest: an element of the array is not finite"};
        if (!nearest_in<Set>::template find<T>(x.data(), shape, inside)) return {none_is_nearest<Set>.text};
        for (double const e : x)
            if (!std::isfinite(static_cast<T>(e)))
                return {"nearest: the array is too large to compute its nearest element: divide it by a number first"};
        std::transform(x.begin(), x.end(), y.template begin<xt::layout_type::row_major>(),
                       [](double e) { return static_cast<T>(e); });
    }
    return {};
}

// Likewise of a weight of this shape; an array of another one stays, and the assignment that follows refuses it.
template <class Set, class Shape, class Y>
[[nodiscard]] status make_nearest_weight(Y& y) {
    return has_shape<Shape>(y) ? make_nearest<Set>(y, true) : status{};
}

// An array whose nearest element of a set is asked for, see `nearest`.
template <class Y>
struct nearest_to {
    Y array;
};

}  // namespace detail

// The nearest element of Set, as an array of the shape and element type of a.
template <class Set, array_expression A>
auto nearest(A const& a) {
    std::remove_cvref_t<decltype(xt::eval(a))> y = a;
    if (status const s = detail::make_nearest<Set>(y, false); !s.ok()) {
        char shape[128];
        detail::write_extents(shape, y.shape(), y.dimension());
        fail_with({s.failed, "; the array's shape is ", shape});
    }
    return y;
}
// What a weight takes as the nearest element of its chain's set: `layer.weight = pm::nearest(a)`.
template <array_expression A>
auto nearest(A const& a) {
    return detail::nearest_to<std::remove_cvref_t<decltype(xt::eval(a))>>{a};
}

}  // namespace paramorph::inline PARAMORPH_ABI
