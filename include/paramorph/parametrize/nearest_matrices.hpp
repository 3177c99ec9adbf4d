// The nearest element of the sets with a condition on singular values or eigenvalues; part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "paramorph/core/eigh.hpp"
#include "paramorph/parametrize/nearest_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// x becomes u f(k, s_k) vh of its singular value decomposition.
inline bool with_singular_values(double* x, int rows, int columns, auto f) {
    int const k = std::min(rows, columns);
    auto const size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
    std::vector<double> u(size(rows, k)), s(size(k, 1)), vh(size(k, columns));
    if (!linalg::svd(x, u.data(), s.data(), vh.data(), rows, columns)) return false;
    std::fill_n(x, size(rows, columns), 0.0);
    for (int i = 0; i < rows; ++i)
        for (int p = 0; p < k; ++p) {
            double const factor = u[size(i, k) + size(p, 1)] * f(p, s[size(p, 1)]);
            for (int j = 0; j < columns; ++j)
                x[size(i, columns) + size(j, 1)] += factor * vh[size(p, columns) + size(j, 1)];
        }
    return true;
}
template <bool Square, bool Rotation>
struct polar_factor : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        if (Square && shape.rank > 2) return false;
        return each_matrix(x, membership::as_matrix(shape), Square, [](double* a, int rows, int columns) {
            std::vector<double> const before(a, a + rows * columns);
            if (!with_singular_values(a, rows, columns, [](int, double) { return 1.0; })) return false;
            if constexpr (Rotation) {
                auto const element = [&](int i, int j) { return a[i * columns + j]; };
                if (!membership::has_positive_determinant(element, rows)) {
                    std::copy(before.begin(), before.end(), a);
                    with_singular_values(a, rows, columns, [&](int p, double) { return p == rows - 1 ? -1.0 : 1.0; });
                }
            }
            return true;
        });
    }
};

// Of the symmetric part the eigenvalues that are greater than 0, no more than `most` of them.
inline bool without_negative_eigenvalues(double* x, extents const& shape, int most) {
    return each_matrix(x, shape, true, [most](double* a, int n, int) {
        std::size_t const size = static_cast<std::size_t>(n);
        std::vector<double> w(size), v(size * size), scratch(size * size);
        if (!linalg::eigh<linalg::scalar_rows<double>>(a, w.data(), v.data(), scratch.data(), n)) return false;
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double sum = 0;
                for (std::size_t k = static_cast<std::size_t>(std::max(n - most, 0)); k < size; ++k)
                    if (w[k] > 0) sum += v[i * size + k] * w[k] * v[j * size + k];
                a[i * size + j] = a[j * size + i] = sum;
            }
        return true;
    });
}
template <int Most>
struct part_without_negative_eigenvalues : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        return nearest_in<set::symmetric>::find<T>(x, shape, inside) && without_negative_eigenvalues(x, shape, Most);
    }
};
template <>
struct nearest_in<set::positive_semidefinite> : part_without_negative_eigenvalues<std::numeric_limits<int>::max()> {};
template <int K>
struct nearest_in<set::positive_semidefinite_rank_at_most<K>> : part_without_negative_eigenvalues<K> {};
template <int K>
struct nearest_in<set::rank_at_most<K>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, false, [](double* a, int rows, int columns) {
            if (K >= std::min(rows, columns)) return true;
            return with_singular_values(a, rows, columns, [](int k, double s) { return k < K ? s : 0.0; });
        });
    }
};
template <auto Gamma>
struct nearest_in<set::contraction<Gamma>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        double const most = double(Gamma) * (inside ? 1 - 8 * double(std::numeric_limits<T>::epsilon()) : 1);
        return each_matrix(x, shape, false, [=](double* a, int rows, int columns) {
            return with_singular_values(a, rows, columns, [=](int, double s) { return std::min(s, most); });
        });
    }
};
template <auto Lambda>
struct nearest_in<set::almost_orthogonal<Lambda>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        double const most = double(Lambda) * (inside ? 1 - 4 * double(std::numeric_limits<T>::epsilon()) : 1);
        return each_matrix(x, shape, false, [=](double* a, int rows, int columns) {
            return with_singular_values(a, rows, columns,
                                        [=](int, double s) { return std::clamp(s, 1 - most, 1 + most); });
        });
    }
};
template <>
struct nearest_in<set::stiefel> : polar_factor<false, false> {};
template <>
struct nearest_in<set::orthogonal> : polar_factor<true, false> {};
template <>
struct nearest_in<set::special_orthogonal> : polar_factor<true, true> {};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
