// The nearest element of the sets of few values or many zeros; part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "paramorph/core/cmath.hpp"
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

// What the numbers i to j - 1 of those in order lose to their mean, from the sums up to each of them.
struct sums_in_order {
    std::vector<double> const& x;
    std::vector<double> one, two;  // of x, of its squares

    explicit sums_in_order(std::vector<double> const& in_order) : x(in_order), one(x.size() + 1), two(one) {
        for (std::size_t i = 0; i < x.size(); ++i) one[i + 1] = one[i] + x[i], two[i + 1] = two[i] + x[i] * x[i];
    }
    double lost(std::size_t i, std::size_t j) const {
        double const sum = one[j] - one[i], apart = x[j - 1] - x[i];
        // No less than the first and the last lose, which rounding cannot take away.
        return std::max(two[j] - two[i] - sum * (sum / static_cast<double>(j - i)), apart * apart / 2);
    }
};
template <int Count>
struct nearest_in<set::values_at_most<Count>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        std::size_t const n = static_cast<std::size_t>(shape.size());
        std::vector<double> x_in_order(x, x + n);
        std::sort(x_in_order.begin(), x_in_order.end());
        double const largest = std::max(std::abs(x_in_order.front()), std::abs(x_in_order.back()));
        if (largest == 0) return true;
        double mean = 0;
        for (double& e : x_in_order) e /= largest, mean += e / static_cast<double>(n);
        std::vector<double> centred = x_in_order;
        for (double& e : centred) e -= mean;
        sums_in_order const s(centred);
        // least[j] is what the first j numbers lose at least in k parts, of which the last begins at from[k][j], which
        // grows with j: so the middle one is searched for first.
        std::vector<double> least(n + 1), before;
        std::vector<std::vector<std::size_t>> from(Count, std::vector<std::size_t>(n + 1));
        for (std::size_t j = 1; j <= n; ++j) least[j] = s.lost(0, j);
        for (std::size_t k = 1; k < std::size_t{Count}; ++k) {
            before = least;
            auto const search = [&](auto const& self, std::size_t low, std::size_t high, std::size_t a,
                                    std::size_t b) -> void {
                if (low >= high) return;
                std::size_t const j = (low + high) / 2;
                least[j] = before[j], from[k][j] = j;  // the last part is empty
                for (std::size_t i = a; i < std::min(j, b + 1); ++i)
                    if (double const here = before[i] + s.lost(i, j); here < least[j]) least[j] = here, from[k][j] = i;
                self(self, low, j, a, std::min(from[k][j], b));
                self(self, j + 1, high, std::min(from[k][j], b), b);
            };
            search(search, 1, n + 1, 0, n);
        }
        std::vector<double> first, value;  // of each part, from the last one on
        for (std::size_t k = Count, end = n; k-- > 0 && end > 0; end = k > 0 ? from[k][end] : 0) {
            std::size_t const begin = k > 0 ? from[k][end] : 0;
            if (begin == end) continue;
            double part = 0;
            for (std::size_t i = begin; i < end; ++i)
                part += (x_in_order[i] - part) / static_cast<double>(i - begin + 1);
            first.push_back(x_in_order[begin]), value.push_back(part);
        }
        for (std::size_t i = 0; i < n; ++i) {
            std::size_t p = 0;
            while (x[i] / largest < first[p]) ++p;
            x[i] = value[p] * largest;
        }
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
