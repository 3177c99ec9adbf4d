// The sets of tensors with a condition on each element, with a structure, or with unit lengths; part of
// parametrize/sets.hpp, which says how to read them. Errors: ends of an interval in the wrong order, a negative rank
// are the compiler's. Cost: membership takes one pass over the elements; a rank, invertibility or definiteness a
// factorization. Source: geotorch and Stan, whose constraints have these names.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/parametrize/membership_of_matrices.hpp"
#include "paramorph/parametrize/subset.hpp"

namespace paramorph::inline PARAMORPH_ABI::set {

// --- conditions on each element -----------------------------------------------------------------------------------

// x_i != 0.
struct nonzero {
    using within = list<real>;
    static constexpr std::string_view name = "nonzero";
    static constexpr bool contains(auto const* x, extents const& shape, double) {
        return membership::every(x, shape, [](double e) { return e != 0; });
    }
};
// x_i >= Low; x_i <= High. Integers, or floating-point numbers where the compiler takes them as template arguments.
template <auto Low>
struct at_least;
template <auto High>
struct at_most;
// The bound of such a set; NaN, with which nothing compares, of any other.
template <class Set>
inline constexpr double reaches_down_to = std::numeric_limits<double>::quiet_NaN();
template <auto Low>
inline constexpr double reaches_down_to<at_least<Low>> = static_cast<double>(Low);
template <class Set>
inline constexpr double reaches_up_to = std::numeric_limits<double>::quiet_NaN();
template <auto High>
inline constexpr double reaches_up_to<at_most<High>> = static_cast<double>(High);
// x_i >= 0.
struct nonnegative {
    using within = list<real>;
    static constexpr std::string_view name = "nonnegative";
    template <class B>
    static constexpr bool inside = reaches_down_to<B> <= 0;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        double const least = -membership::allowed_of(tolerance, membership::largest_element(x, shape));
        return membership::every(x, shape, [=](double e) { return e >= least; });
    }
};
// x_i > 0.
struct positive {
    using within = list<nonnegative, nonzero>;
    static constexpr std::string_view name = "positive";
    static constexpr bool contains(auto const* x, extents const& shape, double) {
        return membership::every(x, shape, [](double e) { return e > 0; });
    }
};
// x_i >= Low.
template <auto Low>
struct at_least {
    static constexpr double low = static_cast<double>(Low);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<at_least>();
    template <class B>
    static constexpr bool inside = reaches_down_to<B> <= low || (std::is_same_v<B, nonnegative> && low >= 0) ||
                                   ((std::is_same_v<B, positive> || std::is_same_v<B, nonzero>) && low > 0);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::at_least(x, shape, low, tolerance);
    }
};
// x_i <= High.
template <auto High>
struct at_most {
    static constexpr double high = static_cast<double>(High);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<at_most>();
    template <class B>
    static constexpr bool inside = reaches_up_to<B> >= high || (std::is_same_v<B, nonzero> && high < 0);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::at_most(x, shape, high, tolerance);
    }
};
// Low <= x_i <= High; integers, or floating-point numbers where the compiler takes them as template arguments.
template <auto Low, auto High>
struct interval;
template <class Set>
inline constexpr bool is_interval = false;
template <auto Low, auto High>
inline constexpr bool is_interval<interval<Low, High>> = true;
// Are all tensors whose elements lie between two numbers elements of B?
template <class B>
constexpr bool holds_all_between(double low, double high) {
    if constexpr (is_interval<B>)
        return B::low <= low && high <= B::high;
    else
        return reaches_down_to<B> <= low || reaches_up_to<B> >= high || (std::is_same_v<B, nonnegative> && low >= 0) ||
               (std::is_same_v<B, positive> && low > 0) || (std::is_same_v<B, nonzero> && (low > 0 || high < 0));
}
template <auto Low, auto High>
struct interval {
    static constexpr double low = static_cast<double>(Low), high = static_cast<double>(High);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<interval>();
    template <class B>
    static constexpr bool inside = holds_all_between<B>(low, high);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::in_interval(x, shape, low, high, tolerance);
    }
    static_assert(low <= high, "interval: the lower end must not exceed the upper end");
};

// --- matrices with a structure ------------------------------------------------------------------------------------

// x_ij = 0 for j > i.
struct lower_triangular {
    using within = list<real>;
    static constexpr std::string_view name = "lower_triangular";
    static constexpr bool in_chart(int row, int column, int, int) { return column <= row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::vanishes(x, shape, tolerance, [](int i, int j) { return j > i; });
    }
};
// x_ij = 0 for j < i.
struct upper_triangular {
    using within = list<real>;
    static constexpr std::string_view name = "upper_triangular";
    static constexpr bool in_chart(int row, int column, int, int) { return column >= row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::vanishes(x, shape, tolerance, [](int i, int j) { return j < i; });
    }
};
// x = x^T.
struct symmetric {
    using within = list<real>;
    static constexpr std::string_view name = "symmetric";
    static constexpr bool in_chart(int row, int column, int, int) { return column <= row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) &&
               membership::every_place(x, shape, tolerance, [](auto const& a, int i, int j, double allowed) {
                   return membership::near(a(i, j), a(j, i), allowed);
               });
    }
};
// x = -x^T.
struct skew {
    using within = list<real>;
    static constexpr std::string_view name = "skew";
    static constexpr bool in_chart(int row, int column, int, int) { return column < row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) &&
               membership::every_place(x, shape, tolerance, [](auto const& a, int i, int j, double allowed) {
                   return membership::near(a(i, j), -a(j, i), allowed);
               });
    }
};
template <int Below, int Above>
struct banded;  // structured_sets.hpp
// x square, x_ij = 0 for i != j.
struct diagonal {
    using within = list<lower_triangular, upper_triangular, symmetric, banded<0, 0>>;
    static constexpr std::string_view name = "diagonal";
    static constexpr bool in_chart(int row, int column, int, int) { return row == column; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) &&
               membership::vanishes(x, shape, tolerance, [](int i, int j) { return i != j; });
    }
};
// x square, det x != 0.
struct invertible {
    using within = list<real>;
    static constexpr std::string_view name = "invertible";
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double) {
        return membership::is_square(shape) && membership::every_matrix(x, shape, [](auto const& a, int n, int) {
                   auto const least = membership::find_singular_value<T>(a, n, n, n - 1);
                   return least.value > least.rounding;
               });
    }
};
// x = x^T, v^T x v >= 0 for every v; the tolerance is on the least eigenvalue.
struct positive_semidefinite {
    using within = list<symmetric>;
    static constexpr std::string_view name = "positive_semidefinite";
    static constexpr bool in_chart(int row, int column, int, int) { return column <= row; }
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return symmetric::contains(x, shape, tolerance) &&
               membership::every_matrix(x, shape, [=](auto const& a, int n, int) {
                   return membership::eigenvalues_exceed<T>(
                       a, n, -membership::allowed_of(tolerance, membership::largest_magnitude(a, n, n)), -1);
               });
    }
};
struct passive;  // spectral_sets.hpp
// x = x^T, v^T x v > 0 for every v != 0: symmetric, and Cholesky's factorization of d x d, whose diagonal is 1, has
// pivots beyond rounding. So each variable may have a scale of its own: diag(1, 1e-30) is one.
struct spd {
    using within = list<positive_semidefinite, passive>;
    static constexpr std::string_view name = "spd";
    static constexpr std::string_view demands =
        "symmetry, and pivots of a Cholesky factorization that exceed n epsilon once the diagonal is scaled to ones";
    static constexpr bool in_chart(int row, int column, int, int) { return column <= row; }
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return symmetric::contains(x, shape, tolerance) &&
               membership::every_matrix(
                   x, shape, [](auto const& a, int n, int) { return membership::is_positive_definite<T>(a, n); });
    }
};
// The singular values of x beyond the K largest are 0.
template <int K>
struct rank_at_most;
template <class Set>
inline constexpr int highest_rank = -1;
template <int K>
inline constexpr int highest_rank<rank_at_most<K>> = K;
template <int K>
struct rank_at_most {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<rank_at_most>();
    template <class B>
    static constexpr bool inside = K <= highest_rank<B>;
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return membership::rank_at_most(x, shape, K, tolerance);
    }
    static_assert(K >= 0, "rank_at_most: a rank is not negative");
};

// --- unit lengths and angles --------------------------------------------------------------------------------------

template <auto Radius>
struct ball;  // spectral_sets.hpp, as the next two
template <auto Gamma>
struct contraction;
template <class Set>
inline constexpr double orthogonal_but_for = std::numeric_limits<double>::quiet_NaN();
// The square root of the sum of all x_i^2 is 1.
struct unit_sphere {
    using within = list<interval<-1, 1>>;
    static constexpr std::string_view name = "unit_sphere";
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::within_one(x, shape, tolerance) &&
               membership::has_unit_norm([x](int i) { return static_cast<double>(x[i]); }, shape.size(), tolerance);
    }
};
// How long the rows of a set are: of sphere<R> as long as R, of ball<R> at most; NaN, with which nothing compares, of
// any other.
template <class Set>
inline constexpr double rows_as_long_as = std::numeric_limits<double>::quiet_NaN();
template <class Set>
inline constexpr double rows_at_most_as_long_as = std::numeric_limits<double>::quiet_NaN();
// Along the last axis the square root of the sum of x_i^2 is 1.
struct unit_rows {
    using within = list<interval<-1, 1>>;
    static constexpr std::string_view name = "unit_rows";
    template <class B>
    static constexpr bool inside = rows_as_long_as<B> == 1 || rows_at_most_as_long_as<B> >= 1;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::within_one(x, shape, tolerance) &&
               membership::every_row(
                   x, shape, [=](auto const& row, int n) { return membership::has_unit_norm(row, n, tolerance); });
    }
};
// x^T x = I where x is tall or square, x x^T = I where it is wide. What has more axes than two is no stack here, but
// the matrix of its first axis and all others, as the filters of a convolution are.
struct stiefel {
    using within = list<ball<1>, contraction<1>>;
    static constexpr std::string_view name = "stiefel";
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::within_one(x, shape, tolerance) &&
               membership::every_matrix(x, membership::as_matrix(shape), [=](auto const& a, int rows, int columns) {
                   return membership::has_orthonormal_frame(a, rows, columns, tolerance);
               });
    }
};
// x square, x^T x = I; a matrix, and no stack.
struct orthogonal {
    using within = list<stiefel, unit_rows, invertible>;
    static constexpr std::string_view name = "orthogonal";
    template <class B>
    static constexpr bool inside = orthogonal_but_for<B> >= 0;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return shape.rank == 2 && membership::is_square(shape) && stiefel::contains(x, shape, tolerance);
    }
};
struct special_linear;  // spectral_sets.hpp
// x square, x^T x = I, det x = 1.
struct special_orthogonal {
    using within = list<orthogonal, special_linear>;
    static constexpr std::string_view name = "special_orthogonal";
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return orthogonal::contains(x, shape, tolerance) &&
               membership::every_matrix(
                   x, shape, [](auto const& a, int n, int) { return membership::has_positive_determinant(a, n); });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::set
