// The ready-made sets of tensors: what a stage takes (`domain`) and makes (`codomain`). What a set is, inclusion,
// membership and its tolerance: parametrize/subset.hpp. Each is defined in the line above it. Conditions on a vector
// hold along the last axis, conditions on a matrix for each matrix of the last two axes. Those on each element, with a
// structure or with unit lengths are in parametrize/elementary_sets.hpp, those of lengths, singular values and ranks in
// parametrize/spectral_sets.hpp, those of few values or many zeros in parametrize/discrete_sets.hpp, those of many
// equal elements in parametrize/structured_sets.hpp.
//
// A set's chart is the elements by which a density on it is written, the coordinates of the reference measure of
// log_abs_det (parametrize/log_abs_det.hpp): `in_chart(row, column, rows, columns)` says whether an element is one; all
// are where a set does not say. Those of sum_to_zero and sum_to_zero_matrix have no favourite: with `by_length` the
// measure is that of their plane, by length. Cost: inclusion none at run time; membership as the sets of each header
// say. Source: Stan Reference Manual, Constraint transforms; geotorch.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/discrete_sets.hpp"
#include "paramorph/parametrize/elementary_sets.hpp"
#include "paramorph/parametrize/spectral_sets.hpp"
#include "paramorph/parametrize/structured_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI::set {

// --- vectors along the last axis ----------------------------------------------------------------------------------

// x_i >= 0, and along the last axis the sum of x_i is 1.
struct simplex {
    using within = list<interval<0, 1>, ball<1>>;
    static constexpr std::string_view name = "simplex";
    // All but the last of a row.
    static constexpr bool in_chart(int, int column, int, int columns) { return column + 1 < columns; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every(x, shape, [=](double e) { return e >= -tolerance; }) &&
               membership::every_row(x, shape, [=](auto const& row, int n) {
                   double total = 0;
                   for (int i = 0; i < n; ++i) {
                       if (row(i) > 1 + n * tolerance) return false;
                       total += row(i);
                   }
                   return membership::near(total, 1, tolerance);
               });
    }
};
// x_i < x_i+1 along the last axis.
struct ordered {
    using within = list<real>;
    static constexpr std::string_view name = "ordered";
    static constexpr bool contains(auto const* x, extents const& shape, double) {
        return membership::every_row(x, shape, [](auto const& row, int n) {
            for (int i = 0; i + 1 < n; ++i)
                if (!(row(i) < row(i + 1))) return false;
            return true;
        });
    }
};

// 0 < x_0 and x_i < x_i+1 along the last axis.
struct positive_ordered {
    using within = list<ordered, positive>;
    static constexpr std::string_view name = "positive_ordered";
};
// The sum of x_i along the last axis is 0. The tolerance is on the sum of numbers that are divided by the largest.
struct sum_to_zero {
    using within = list<real>;
    static constexpr std::string_view name = "sum_to_zero";
    static constexpr bool by_length = true;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every_row(x, shape, [=](auto const& row, int n) {
            double largest = 0, total = 0;
            for (int i = 0; i < n; ++i) largest = math::max(largest, math::abs(row(i)));
            for (int i = 0; i < n && largest > 0; ++i) total += row(i) / largest;
            return membership::near(total, 0, n * tolerance);
        });
    }
};
// A matrix whose rows and columns sum to 0; the tolerance is as that of sum_to_zero.
struct sum_to_zero_matrix {
    using within = list<sum_to_zero>;
    static constexpr std::string_view name = "sum_to_zero_matrix";
    static constexpr bool by_length = true;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
            double const largest = membership::largest_magnitude(a, rows, columns);
            auto const vanishes = [=](auto const& element, int n) {
                double total = 0;
                for (int k = 0; k < n; ++k) total += element(k) / largest;
                return membership::near(total, 0, n * tolerance);
            };
            for (int i = 0; i < rows && largest > 0; ++i)
                if (!vanishes([&](int j) { return a(i, j); }, columns)) return false;
            for (int j = 0; j < columns && largest > 0; ++j)
                if (!vanishes([&](int i) { return a(i, j); }, rows)) return false;
            return true;
        });
    }
};

// --- stochastic matrices ------------------------------------------------------------------------------------------

// A matrix with x_ij >= 0, the sum of each row 1.
struct row_stochastic {
    using within = list<simplex>;
    static constexpr std::string_view name = "row_stochastic";
    static constexpr bool in_chart(int, int column, int, int columns) { return column + 1 < columns; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return shape.rank >= 2 && simplex::contains(x, shape, tolerance);
    }
};
// A matrix with x_ij >= 0, the sum of each column 1.
struct column_stochastic {
    using within = list<interval<0, 1>>;
    static constexpr std::string_view name = "column_stochastic";
    static constexpr bool in_chart(int row, int, int rows, int) { return row + 1 < rows; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        bool const has_numbers = shape.size() > 0 || shape.rank < 2 || shape.from_end(0) == 0 ||
                                 membership::count_of_parts(shape, 2) == 0;  // in each column
        return has_numbers && membership::every(x, shape, [=](double e) { return e >= -tolerance; }) &&
               membership::every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
                   for (int j = 0; j < columns; ++j) {
                       double total = 0;
                       for (int i = 0; i < rows; ++i) {
                           if (a(i, j) > 1 + rows * tolerance) return false;
                           total += a(i, j);
                       }
                       if (!membership::near(total, 1, tolerance)) return false;
                   }
                   return true;
               });
    }
};
// A square matrix with x_ij >= 0, the sum of each row and of each column 1.
struct doubly_stochastic {
    using within = list<row_stochastic, column_stochastic, contraction<1>>;
    static constexpr std::string_view name = "doubly_stochastic";
    static constexpr bool in_chart(int row, int column, int rows, int columns) {
        return row + 1 < rows && column + 1 < columns;
    }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) && row_stochastic::contains(x, shape, tolerance) &&
               column_stochastic::contains(x, shape, tolerance);
    }
};

// --- covariances, correlations and their factors ------------------------------------------------------------------

// x square and lower triangular, x_ii > 0.
struct cholesky_factor {
    using within = list<lower_triangular, positive_determinant>;
    static constexpr std::string_view name = "cholesky_factor";
    static constexpr bool in_chart(int row, int column, int, int) { return column <= row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) && lower_triangular::contains(x, shape, tolerance) &&
               membership::every_matrix(x, shape, [](auto const& a, int n, int) {
                   for (int i = 0; i < n; ++i)
                       if (!(a(i, i) > 0)) return false;
                   return true;
               });
    }
};
// A cholesky_factor whose rows are unit vectors: x x^T is a correlation.
struct correlation_factor {
    using within = list<cholesky_factor, unit_rows>;
    static constexpr std::string_view name = "correlation_factor";
    static constexpr bool in_chart(int row, int column, int, int) { return column < row; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return cholesky_factor::contains(x, shape, tolerance) && unit_rows::contains(x, shape, tolerance);
    }
};
// x = x^T, x_ii = 1, v^T x v > 0 for every v != 0.
struct correlation {
    using within = list<spd, interval<-1, 1>>;
    static constexpr std::string_view name = "correlation";
    static constexpr std::string_view demands =
        "symmetry, a diagonal of ones, and pivots of a Cholesky factorization that exceed n epsilon";
    static constexpr bool in_chart(int row, int column, int, int) { return column < row; }
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return spd::contains(x, shape, tolerance) && membership::every_matrix(x, shape, [=](auto const& a, int n, int) {
                   for (int i = 0; i < n; ++i)
                       if (!membership::near(a(i, i), 1, tolerance)) return false;
                   return true;
               });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::set

namespace paramorph::inline PARAMORPH_ABI {

// Is this element, row-major, of a tensor of this shape a coordinate of the set's chart?
template <class Set>
constexpr bool in_chart(extents const& shape, int element) {
    if constexpr (requires { Set::in_chart(shape, element); })
        return Set::in_chart(shape, element);
    else if constexpr (requires { Set::in_chart(0, 0, 1, 1); }) {
        int const columns = shape.from_end(0), rows = shape.rank > 1 ? shape.from_end(1) : 1;
        return Set::in_chart(element / columns % rows, element % columns, rows, columns);
    } else
        return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI
