// The nearest element of the sets of few values or many zeros; part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "paramorph/parametrize/nearest_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <int N, int M>
struct nearest_in<set::pruned<N, M>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        if (shape.rank < 1 || shape.from_end(0) % M != 0) return false;
        for (int at = 0; at < shape.size(); at += M) {
            int order[M];
            for (int k = 0; k < M; ++k) order[k] = at + k;
            std::stable_sort(order, order + M, [x](int a, int b) { return std::abs(x[a]) > std::abs(x[b]); });
            for (int k = N; k < M; ++k) x[order[k]] = 0;
        }
        return true;
    }
};
// With k numbers that are not zero the best s is the mean of their magnitudes, which are the k largest; the squares
// that it takes away are (their sum)^2 / k.
template <int Axis, bool WithZero>
struct nearest_values_of_scale : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return membership::every_slice(shape, Axis, [x](auto const& element, int n) {
            std::vector<double> sizes(static_cast<std::size_t>(n));
            for (int k = 0; k < n; ++k) sizes[static_cast<std::size_t>(k)] = std::abs(x[element(k)]);
            std::sort(sizes.begin(), sizes.end(), std::greater<>{});
            double const largest = sizes.front();
            double total = 0, best = -1, scale = 0, least = 0;
            for (int k = 0; k < n; ++k) {
                double const size = sizes[static_cast<std::size_t>(k)];
                total += largest > 0 ? size / largest : 0;
                if (!WithZero && k + 1 < n) continue;
                double const taken = total * (total / (k + 1));
                if (taken > best) best = taken, scale = largest * (total / (k + 1)), least = WithZero ? size : 0;
            }
            for (int k = 0; k < n; ++k) {
                double& e = x[element(k)];
                e = std::abs(e) < least ? 0 : e < 0 ? -scale : scale;
            }
            return true;
        });
    }
};
template <int Axis>
struct nearest_in<set::three_values<Axis>> : nearest_values_of_scale<Axis, true> {};
template <int Axis>
struct nearest_in<set::two_values<Axis>> : nearest_values_of_scale<Axis, false> {};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
