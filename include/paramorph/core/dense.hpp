// Dense linear algebra in constant evaluation: LU with its solves, and the thin singular value decomposition.
//
// This is what the interpreter uses for proofs and frozen weights, so it counts evaluation steps, not nanoseconds:
// plain loops, run-time sizes, no vectors. It is also the oracle the kernels are tested against. Results are laid out
// exactly as those of kernel/lu.hpp and kernel/svd.hpp; the singular value decomposition is the very algorithm that
// runs there.
//
// One-sided Jacobi: Demmel and Veselic, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13
// (1992); Golub and Van Loan, "Matrix Computations", 4th ed., section 8.6.3.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "paramorph/core/constexpr_math.hpp"

namespace paramorph::dense {

namespace detail {

template <class T>
constexpr T magnitude(T x) noexcept {
    return x < 0 ? -x : x;
}

template <class T>
constexpr void swap_values(T& a, T& b) noexcept {
    T const t = a;
    a = b;
    b = t;
}

template <class T>
constexpr void swap_rows(T* a, int n, int i, int j) noexcept {
    for (int k = 0; k < n; ++k) swap_values(a[i * n + k], a[j * n + k]);
}

}  // namespace detail

/// Factors P A = L U by partial pivoting: L below the diagonal of `lu` (its ones are not stored), U on and above it.
/// A and lu [n, n], row-major, lu may be a; pivots [n]: row i of P A is row pivots[i] of A. False when A is not
/// finite, or a pivot is zero or not finite.
constexpr bool lu_factor(double const* a, double* lu, std::int32_t* pivots, int n) noexcept {
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
        if (!(largest > 0 && largest <= std::numeric_limits<double>::max())) return false;
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

/// Solves op(T) X = B in place for the triangle of op(T), T or its transpose, that `lower` names; unit: ones stand on
/// the diagonal. T [n, n], X [n, columns], row-major.
constexpr void substitute(double const* t, double* x, int n, int columns, bool transposed, bool lower, bool unit) {
    int const down = transposed ? 1 : n, across = transposed ? n : 1;
    for (int step = 0; step < n; ++step) {
        int const i = lower ? step : n - 1 - step;
        double* const row = x + i * columns;
        for (int k = lower ? 0 : i + 1; k < (lower ? i : n); ++k)
            if (double const factor = t[i * down + k * across]; factor != 0)
                for (int j = 0; j < columns; ++j) row[j] -= factor * x[k * columns + j];
        if (!unit)
            for (int j = 0; j < columns; ++j) row[j] /= t[i * n + i];
    }
}

/// Solves A X = B, or A^T X = B when `transposed`, from the factors of A. B and X [n, columns], row-major; x may be b.
/// Right-hand sides are independent, so a long evaluation can be split over blocks of columns.
constexpr void lu_solve(double const* lu, std::int32_t const* pivots, double const* b, double* x, int n, int columns,
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

/// A^T X = B; everything else as in lu_solve.
constexpr void lu_solve_transposed(double const* lu, std::int32_t const* pivots, double const* b, double* x, int n,
                                   int columns) noexcept {
    lu_solve(lu, pivots, b, x, n, columns, true);
}

/// What the singular value decomposition does to rows, element by element. kernel/svd.hpp has the same on vectors.
template <class T>
struct scalar_rows {
    using value_type = T;
    static constexpr T sqrt(T x) noexcept { return static_cast<T>(math::sqrt(static_cast<double>(x))); }

    /// The squared norms of x and y and their inner product.
    static constexpr void products(T const* x, T const* y, int n, T& xx, T& yy, T& xy) noexcept {
        for (int i = 0; i < n; ++i) xx += x[i] * x[i], yy += y[i] * y[i], xy += x[i] * y[i];
    }
    /// (x, y) <- (c x - s y, s x + c y).
    static constexpr void rotate(T* x, T* y, int n, T c, T s) noexcept {
        for (int i = 0; i < n; ++i) {
            T const t = x[i];
            x[i] = c * t - s * y[i], y[i] = s * t + c * y[i];
        }
    }
};

namespace detail {

/// Transposes [rows, columns] in place, cycle by cycle.
template <class T>
constexpr void transpose_in_place(T* a, int rows, int columns) noexcept {
    if (rows == columns) {
        for (int i = 0; i < rows; ++i)
            for (int j = i + 1; j < rows; ++j) swap_values(a[i * rows + j], a[j * rows + i]);
        return;
    }
    auto const next = [&](int i) { return i % columns * rows + i / columns; };
    for (int start = 1; start < rows * columns - 1; ++start) {
        int i = next(start);
        while (i > start) i = next(i);
        if (i < start) continue;  // its cycle was moved from a smaller start
        for (i = next(start); i != start; i = next(i)) swap_values(a[start], a[i]);
    }
}

/// Makes row `which` of w [count, n] a unit vector orthogonal to the rows before it: the coordinate vector farthest
/// from them, orthogonalized twice.
template <class T, class Rows>
constexpr void complete_row(T* w, int which, int n) noexcept {
    T* const row = w + which * n;
    int best = 0;
    T least = std::numeric_limits<T>::max();
    for (int i = 0; i < n; ++i) {
        T inside = 0;
        for (int k = 0; k < which; ++k) inside += w[k * n + i] * w[k * n + i];
        if (inside < least) least = inside, best = i;
    }
    for (int i = 0; i < n; ++i) row[i] = T(i == best);
    T norm = 0;
    for (int pass = 0; pass < 2; ++pass) {
        for (int k = 0; k < which; ++k) {
            T inner = 0;
            for (int i = 0; i < n; ++i) inner += w[k * n + i] * row[i];
            for (int i = 0; i < n; ++i) row[i] -= inner * w[k * n + i];
        }
        norm = 0;
        for (int i = 0; i < n; ++i) norm += row[i] * row[i];
        norm = Rows::sqrt(norm);
        for (int i = 0; i < n; ++i) row[i] /= norm;
    }
}

}  // namespace detail

/// The thin singular value decomposition A = U diag(S) Vh of A [m, n], with k = min(m, n).
///
/// Shapes: U [m, k], S [k] (descending, never negative), Vh [k, n], row-major, none overlapping A. The columns of U and
/// the rows of Vh are orthonormal whatever the rank (rounding grows with k: 43 epsilon measured at k = 33): where a
/// singular value is zero they are completed. Sign: in each
/// column of U the first entry of largest magnitude is positive. Returns false, with the results unspecified, when A is
/// not finite or 60 sweeps do not converge. Cost: about 5 to 10 sweeps of 3 m n k operations; no memory but the
/// results.
template <class Rows = scalar_rows<double>>
constexpr bool svd(typename Rows::value_type const* a, typename Rows::value_type* u, typename Rows::value_type* s,
                   typename Rows::value_type* vh, int m, int n) noexcept {
    using T = typename Rows::value_type;
    // Rows of w are made orthogonal, g collects the rotations: w = A and g = U^T when m <= n, else w = A^T and g = Vh.
    bool const wide = m <= n;
    int const k = wide ? m : n, length = wide ? n : m;
    T* const w = wide ? vh : u;
    T* const g = wide ? u : vh;
    T largest = 0;
    for (int i = 0; i < m * n; ++i) {
        T const size = detail::magnitude(a[i]);
        if (!(size <= std::numeric_limits<T>::max())) return false;
        if (size > largest) largest = size;
    }
    T scale = 1;  // a power of two that keeps squares of the entries from overflow and underflow
    constexpr T far = sizeof(T) == 4 ? T(1e6) : T(1e60);
    if (largest > 0) {
        while (largest * scale > far) scale *= T(0.5);
        while (largest * scale < 1 / far && scale < std::numeric_limits<T>::max() / 4) scale *= 2;
    }
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) w[wide ? i * n + j : j * m + i] = a[i * n + j] * scale;
    for (int i = 0; i < k * k; ++i) g[i] = T(i % (k + 1) == 0);

    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    T const negligible = largest * scale * epsilon * epsilon;
    T const tolerance = epsilon * Rows::sqrt(T(16 + length));
    bool rotated = k > 1;
    for (int sweep = 0; rotated; ++sweep) {
        if (sweep == 60) return false;
        rotated = false;
        for (int p = 0; p + 1 < k; ++p)
            for (int q = p + 1; q < k; ++q) {
                T pp = 0, qq = 0, pq = 0;
                Rows::products(w + p * length, w + q * length, length, pp, qq, pq);
                if (pp <= negligible * negligible || qq <= negligible * negligible) continue;
                if (detail::magnitude(pq) <= tolerance * Rows::sqrt(pp) * Rows::sqrt(qq)) continue;
                rotated = true;
                T const zeta = (qq - pp) / (2 * pq), size = detail::magnitude(zeta);
                T const root = size > 1 / epsilon ? size : Rows::sqrt(1 + size * size);
                T const t = (zeta < 0 ? T(-1) : T(1)) / (size + root), c = 1 / Rows::sqrt(1 + t * t);
                Rows::rotate(w + p * length, w + q * length, length, c, c * t);
                Rows::rotate(g + p * k, g + q * k, k, c, c * t);
            }
    }
    for (int i = 0; i < k; ++i) {
        T norm = 0, other = 0, inner = 0;
        Rows::products(w + i * length, w + i * length, length, norm, other, inner);
        s[i] = Rows::sqrt(norm);
    }
    for (int i = 0; i < k; ++i) {
        int best = i;
        for (int j = i + 1; j < k; ++j)
            if (s[j] > s[best]) best = j;
        if (best != i) {
            detail::swap_values(s[i], s[best]);
            detail::swap_rows(w, length, i, best);
            detail::swap_rows(g, k, i, best);
        }
        if (s[i] > negligible) {
            T const inverse = 1 / s[i];
            for (int j = 0; j < length; ++j) w[i * length + j] *= inverse;
            s[i] /= scale;
        } else {
            s[i] = 0;
            detail::complete_row<T, Rows>(w, i, length);
        }
        T* const column = u + i * m;  // still a row of the transpose
        T top = 0;
        for (int j = 0; j < m; ++j)
            if (detail::magnitude(column[j]) > detail::magnitude(top)) top = column[j];
        if (top < 0) {
            for (int j = 0; j < m; ++j) column[j] = -column[j];
            for (int j = 0; j < n; ++j) vh[i * n + j] = -vh[i * n + j];
        }
    }
    detail::transpose_in_place(u, k, m);
    return true;
}

}  // namespace paramorph::dense
