// The inverse of a matrix in constant evaluation, in parts: compilers limit each evaluation, so the factorization is
// one, and each block of columns another. LU with partial pivoting: P A = L U, then L U X = P for a few columns of P.
// Source: Golub and Van Loan, "Matrix Computations", 4th ed., algorithms 3.4.1 and 3.1.1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

template <int N>
struct factors {
    double lu[N * N]{};
    int row[N]{};  // row k of P A is row `row[k]` of A
    bool regular = true;
};

// Few statements for each element: they are what is limited.
template <int N>
constexpr factors<N> factored(double const* a) {
    factors<N> f;
    for (int i = 0; i < N * N; ++i) f.lu[i] = a[i];
    for (int i = 0; i < N; ++i) f.row[i] = i;
    for (int k = 0; k < N; ++k) {
        int p = k;
        for (int i = k + 1; i < N; ++i) {
            double const x = f.lu[i * N + k], y = f.lu[p * N + k];
            if ((x < 0 ? -x : x) > (y < 0 ? -y : y)) p = i;
        }
        double const pivot = f.lu[p * N + k];
        if (!(pivot < -0x1p-1000 || pivot > 0x1p-1000)) {  // 1 / pivot must not overflow
            f.regular = false;
            return f;
        }
        if (p != k) {
            int const r = f.row[k];
            f.row[k] = f.row[p], f.row[p] = r;
            for (int j = 0; j < N; ++j) {
                double const x = f.lu[k * N + j];
                f.lu[k * N + j] = f.lu[p * N + j], f.lu[p * N + j] = x;
            }
        }
        double const *const above = f.lu + k * N, inverse = 1 / pivot;
        for (int i = k + 1; i < N; ++i) {
            double* const row = f.lu + i * N;
            double const factor = row[k] *= inverse;
            if (factor == 0) continue;
            for (int j = k + 1; j < N; ++j) row[j] -= factor * above[j];
        }
    }
    return f;
}

// Columns [First, First + Count) of the inverse, as [N, Count].
template <int N, int First, int Count>
struct inverse_columns {
    double at[N * Count]{};
    constexpr explicit inverse_columns(factors<N> const& f) {
        for (int i = 0; i < N; ++i)
            if (f.row[i] >= First && f.row[i] < First + Count) at[i * Count + f.row[i] - First] = 1;
        for (int k = 0; k < N; ++k)
            for (int i = k + 1; i < N; ++i) subtract(at + i * Count, f.lu[i * N + k], at + k * Count);
        for (int k = N - 1; k >= 0; --k) {
            double const inverse = 1 / f.lu[k * N + k];
            for (int j = 0; j < Count; ++j) at[k * Count + j] *= inverse;
            for (int i = 0; i < k; ++i) subtract(at + i * Count, f.lu[i * N + k], at + k * Count);
        }
    }

  private:
    static constexpr void subtract(double* to, double factor, double const* from) {
        if (factor == 0) return;
        for (int j = 0; j < Count; ++j) to[j] -= factor * from[j];
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
