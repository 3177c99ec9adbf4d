// balance_columns(y, w, r, n): how the columns of a matrix whose rows sum to one have to grow, so that they gain r, by
// an elimination that subtracts nothing, and so is as exact for conductances of 1e-30 as for those of 1. Cost: n^3
// operations for the conductances, n^3 / 3 for the elimination. Source: Grassmann, Taksar and Heyman 1985.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::linalg {

// b with (diag(y^T 1) - y^T y) b = r, up to a constant: r sums to 0. y is square and its rows sum to one, so that the
// matrix is that of a network of conductances w_jk = sum of y_ij y_ik, which is eliminated without a subtraction; n
// epsilon of each node's conductance leads to the ground, which keeps apart blocks that hang together by less than that
// finite. w is scratch, [n, n]; r becomes b.
template <class T>
constexpr void balance_columns(T const* y, T* w, T* r, int n) noexcept {
    T const leak = T(n) * std::numeric_limits<T>::epsilon();
    for (int j = 0; j < n * n; ++j) w[j] = 0;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            for (int k = 0; k < j; ++k) w[j * n + k] += y[i * n + j] * y[i * n + k];
    for (int j = 0; j < n; ++j)
        for (int k = 0; k < j; ++k) w[k * n + j] = w[j * n + k];
    for (int j = 0; j < n; ++j) {
        T degree = 0;
        for (int k = 0; k < n; ++k) degree += k == j ? T(0) : w[j * n + k];
        w[j * n + j] = leak * degree;
    }
    for (int k = 0; k < n; ++k) {
        T* const row = w + k * n;
        T const ground = row[k];
        for (int j = k + 1; j < n; ++j) row[k] += row[j];
        for (int i = k + 1; i < n && row[k] > 0; ++i) {
            T const share = row[i] / row[k];
            w[i * n + i] += share * ground;
            r[i] += share * r[k];
            for (int j = k + 1; j < n; ++j)
                if (j != i) w[i * n + j] += share * row[j];
        }
    }
    for (int k = n - 1; k >= 0; --k) {
        T const* const row = w + k * n;
        for (int j = k + 1; j < n; ++j) r[k] += row[j] * r[j];
        r[k] = row[k] > 0 ? r[k] / row[k] : T(0);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::linalg
