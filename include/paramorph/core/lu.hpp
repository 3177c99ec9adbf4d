// LU factorization and its solves in constant evaluation: what the interpreter uses for proofs and frozen weights, so
// it counts evaluation steps, not nanoseconds: plain loops, run-time sizes, no vectors. It is also the oracle that the
// kernels are tested against; its results are laid out exactly as those of kernel/lu.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>

#include "paramorph/core/row_primitives.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

// Factors P A = L U by partial pivoting: L below the diagonal of `lu` (its ones are not stored), U on and above it.
// A and lu [n, n], row-major, lu may be a; pivots [n]: row i of P A is row pivots[i] of A. False when A is not
// finite, or a pivot is zero or not finite.
constexpr bool lu_factor(double const* a, double* lu, std::int32_t* pivots, int n) noexcept {
    if (!detail::can_be_evaluated(a, n * n)) return false;
    for (int i = 0; i < n * n; ++i) {
        if (!math::isfinite(a[i])) return false;
        lu[i] = a[i];
    }
    for (int i = 0; i < n; ++i) pivots[i] = i;
    for (int k = 0; k < n; ++k) {
        double* const top = lu + k * n;
        int p = k;
        double largest = 0;
        for (int i = k; i < n; ++i)
            if (double const m = detail::magnitude(lu[i * n + k]); m > largest) largest = m, p = i;
        if (!(largest > 0 && largest <= std::numeric_limits<double>::max() && detail::can_divide(largest)))
            return false;
        if (p != k) {
            detail::swap_rows(lu, n, k, p);
            detail::swap_values(pivots[k], pivots[p]);
        }
        for (int i = k + 1; i < n; ++i) {
            double* const row = lu + i * n;
            double const factor = row[k] /= top[k];
            if (factor != 0)
                for (int j = k + 1; j < n; ++j) row[j] -= factor * top[j];
        }
    }
    return true;
}

// Solves op(T) X = B in place for the triangle of op(T), T or its transpose, that `lower` names; unit: ones stand on
// the diagonal. T [n, n], X [n, columns], row-major. A zero of T is not multiplied: what does not fit stays where it
// is.
template <class T>
constexpr void substitute(T const* t, T* x, int n, int columns, bool transposed, bool lower, bool unit) {
    int const down = transposed ? 1 : n, across = transposed ? n : 1;
    for (int step = 0; step < n; ++step) {
        int const i = lower ? step : n - 1 - step;
        T* const row = x + i * columns;
        for (int k = lower ? 0 : i + 1; k < (lower ? i : n); ++k)
            if (T const factor = t[i * down + k * across]; factor != 0)
                for (int j = 0; j < columns; ++j) row[j] -= factor * x[k * columns + j];
        if (!unit)
            for (int j = 0; j < columns; ++j) row[j] /= t[i * n + i];
    }
}

// Solves A X = B, or A^T X = B when `transposed`, from the factors of A. B and X [n, columns], row-major; x may be b.
// Right-hand sides are independent, so a long evaluation can be split over blocks of columns.
template <class T>
constexpr void lu_solve(T const* lu, std::int32_t const* pivots, T const* b, T* x, int n, int columns,
                        bool transposed = false) {
    // Rows are permuted in place, cycle by cycle: a row already in its place is found by walking from it to a smaller
    // one.
    if (b != x)
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < columns; ++j) x[i * columns + j] = b[(transposed ? i : pivots[i]) * columns + j];
    auto const permute = [&](bool forward) {
        for (int start = 0; start < n; ++start) {
            int smallest = start;
            for (int i = pivots[start]; i != start; i = pivots[i]) smallest = i < smallest ? i : smallest;
            if (smallest != start) continue;
            if (forward)  // x[i] takes x[pivots[i]]
                for (int i = start; pivots[i] != start; i = pivots[i]) detail::swap_rows(x, columns, i, pivots[i]);
            else  // x[pivots[i]] takes x[i]
                for (int i = pivots[start]; i != start; i = pivots[i]) detail::swap_rows(x, columns, start, i);
        }
    };
    if (b == x && !transposed) permute(true);
    substitute(lu, x, n, columns, transposed, true, !transposed);
    substitute(lu, x, n, columns, transposed, false, transposed);
    if (transposed) permute(false);
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
