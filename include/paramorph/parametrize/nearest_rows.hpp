// The nearest element of the sets with a condition on each row; part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "paramorph/core/blocks.hpp"
#include "paramorph/core/cholesky.hpp"
#include "paramorph/core/cmath.hpp"
#include "paramorph/parametrize/nearest_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

inline bool make_unit(double* x, int n) {
    double largest = 0, squares = 0;
    for (int i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i]));
    if (largest == 0) return false;
    for (int i = 0; i < n; ++i) squares += (x[i] / largest) * (x[i] / largest);
    for (int i = 0; i < n; ++i) x[i] = x[i] / largest / std::sqrt(squares);
    return true;
}
template <>
struct nearest_in<set::unit_sphere> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return make_unit(x, shape.size());
    }
};
template <>
struct nearest_in<set::unit_rows> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_row(x, shape, [](double* row, int n) { return make_unit(row, n); });
    }
};
template <auto Radius>
struct nearest_in<set::sphere<Radius>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        if (!nearest_in<set::unit_rows>::find<T>(x, shape, inside)) return false;
        return each_element(x, shape, [](double e) { return e * double(Radius); });
    }
};
// To a row that is shorter, and shorter than the radius after rounding where it must be inside.
template <auto Radius>
struct nearest_in<set::ball<Radius>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        double const most = inside ? 1 - 4 * double(std::numeric_limits<T>::epsilon()) : 1;
        return each_row(x, shape, [=](double* row, int n) {
            double const length = membership::length_of([=](int i) { return row[i]; }, n, double(Radius));
            if (length <= most) return true;
            make_unit(row, n);
            for (int i = 0; i < n; ++i) row[i] *= double(Radius) * most;
            return true;
        });
    }
};
template <>
struct nearest_in<set::simplex> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        return each_row(x, shape, [=](double* row, int n) {
            // Less the largest element, which changes nothing: the threshold is then between -1 and 0.
            double const largest = *std::max_element(row, row + n);
            for (int i = 0; i < n; ++i) row[i] = row[i] - largest;
            std::vector<double> sorted(row, row + n);
            std::sort(sorted.begin(), sorted.end(), std::greater<>{});
            double total = 0, threshold = 0;
            for (int i = 0; i < n; ++i) {
                total += sorted[static_cast<std::size_t>(i)];
                double const t = (total - 1) / (i + 1);
                if (!(sorted[static_cast<std::size_t>(i)] > t)) break;
                threshold = t;
            }
            double const least = inside ? double(std::numeric_limits<T>::min()) : 0.0;
            for (int i = 0; i < n; ++i) row[i] = std::max(row[i] - threshold, least);
            return true;
        });
    }
};

template <>
struct nearest_in<set::row_stochastic> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        return shape.rank >= 2 && nearest_in<set::simplex>::find<T>(x, shape, inside);
    }
};
template <>
struct nearest_in<set::column_stochastic> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        return each_matrix(x, shape, false, [=](double* a, int rows, int columns) {
            std::vector<double> column(static_cast<std::size_t>(rows));
            for (int j = 0; j < columns; ++j) {
                for (int i = 0; i < rows; ++i) column[static_cast<std::size_t>(i)] = a[i * columns + j];
                nearest_in<set::simplex>::find<T>(column.data(), {1, {rows}}, inside);
                for (int i = 0; i < rows; ++i) a[i * columns + j] = column[static_cast<std::size_t>(i)];
            }
            return true;
        });
    }
};
// Scaled by a power of two, so that neither the mean nor its parts are lost at the ends of the range.
inline void less_its_mean(double* x, int n, int stride) {
    double largest = 0, mean = 0;
    int exponent = 0;
    for (int i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i * stride]));
    std::frexp(largest, &exponent);
    for (int i = 0; i < n; ++i) mean += std::ldexp(x[i * stride], -exponent);
    mean /= n;
    for (int i = 0; i < n; ++i) x[i * stride] = std::ldexp(std::ldexp(x[i * stride], -exponent) - mean, exponent);
}
template <>
struct nearest_in<set::sum_to_zero_matrix> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, false, [](double* a, int rows, int columns) {
            for (int i = 0; i < rows; ++i) less_its_mean(a + i * columns, columns, 1);
            for (int j = 0; j < columns; ++j) less_its_mean(a + j, rows, columns);
            return std::all_of(a, a + rows * columns, [](double e) { return std::isfinite(e); });
        });
    }
};
template <>
struct nearest_in<set::sum_to_zero> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_row(x, shape, [](double* row, int n) {
            less_its_mean(row, n, 1);
            return std::all_of(row, row + n, [](double e) { return std::isfinite(e); });
        });
    }
};
// u_i and v_j, in `t`, with which the rows and columns of max(a_ij + u_i + v_j, 0) sum to one: the minimum of a convex
// function, by Newton's steps, each halved until it leads down (Li, Sun and Toh 2020, "On the efficient computation of
// a projector over the Birkhoff polytope"). Answers whether they do, within 1e-12, or n epsilon of the largest number.
inline bool find_marginals(double const* a, std::vector<double>& t, int n) {
    std::size_t const size = static_cast<std::size_t>(n), both = 2 * size;
    double largest = 1;
    for (std::size_t k = 0; k < size * size; ++k) largest = std::max(largest, std::abs(a[k]));
    double const enough = std::max(1e-12, n * largest * std::numeric_limits<double>::epsilon());
    std::vector<double> h(both * both), l(h), off(both), next(both);
    // The value there, its slopes, negative, in `off`, and where asked for its curvatures in h.
    auto const look = [&](std::vector<double> const& at, bool curvatures) {
        double value = 0;
        std::fill(off.begin(), off.end(), 1.0);
        if (curvatures) std::fill(h.begin(), h.end(), 0.0);
        for (std::size_t k = 0; k < both; ++k) value -= at[k];
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j) {
                double const x = a[i * size + j] + at[i] + at[size + j];
                if (!(x > 0)) continue;
                value += x * x / 2;
                off[i] -= x, off[size + j] -= x;
                if (curvatures) ++h[i * both + i], ++h[(size + j) * (both + 1)], ++h[(size + j) * both + i];
            }
        return value;
    };
    for (int round = 0; round < 300; ++round) {
        double const value = look(t, true);
        double worst = 0;
        for (double const e : off) worst = std::max(worst, std::abs(e));
        if (worst <= enough) return true;
        for (std::size_t k = 0; k < both; ++k) h[k * (both + 1)] += 1e-9 + 1e-3 * std::min(worst, 1.0);
        if (!linalg::cholesky<linalg::scalar_blocks<double>>(h.data(), l.data(), 2 * n)) return false;
        std::vector<double> step = off;
        double const down = [&] {
            for (std::size_t i = 0; i < both; ++i) {
                for (std::size_t k = 0; k < i; ++k) step[i] -= l[i * both + k] * step[k];
                step[i] /= l[i * both + i];
            }
            for (std::size_t i = both; i-- > 0;) {
                for (std::size_t k = i + 1; k < both; ++k) step[i] -= l[k * both + i] * step[k];
                step[i] /= l[i * both + i];
            }
            double slope = 0;
            for (std::size_t k = 0; k < both; ++k) slope += step[k] * off[k];
            return slope;
        }();
        double length = 1;
        for (int halving = 0; halving < 60; ++halving, length /= 2) {
            for (std::size_t k = 0; k < both; ++k) next[k] = t[k] + length * step[k];
            if (look(next, false) <= value - 1e-4 * length * down + 1e-15 * std::abs(value)) break;
        }
        t = next;
    }
    return false;
}
template <>
struct nearest_in<set::doubly_stochastic> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        double const least = inside ? double(std::numeric_limits<T>::min()) : 0.0;
        return each_matrix(x, shape, true, [=](double* a, int n, int) {
            std::size_t const size = static_cast<std::size_t>(n);
            // Less the mean of each row, which changes nothing.
            for (std::size_t i = 0; i < size; ++i) {
                double mean = 0;
                for (std::size_t j = 0; j < size; ++j) mean += a[i * size + j] / n;
                for (std::size_t j = 0; j < size; ++j) a[i * size + j] -= mean - 1.0 / n;
            }
            std::vector<double> t(2 * size);
            if (!find_marginals(a, t, n)) return false;
            for (std::size_t k = 0; k < size * size; ++k)
                a[k] = std::max(a[k] + t[k / size] + t[size + k % size], least);
            return set::doubly_stochastic::contains(a, {2, {n, n}}, 0.01);  // else rounding decided
        });
    }
};
// In order: rows that do not increase are replaced by their means, as long as there are some (pool adjacent violators).
inline void make_nondecreasing(double* row, int n) {
    struct block {
        double mean;
        int count;
    };
    std::vector<block> blocks;
    for (int i = 0; i < n; ++i) {
        blocks.push_back({row[i], 1});
        while (blocks.size() > 1 && !(blocks[blocks.size() - 2].mean < blocks.back().mean)) {
            block const last = blocks.back();
            blocks.pop_back();
            block& b = blocks.back();
            int const count = b.count + last.count;
            b = {b.mean * (double(b.count) / count) + last.mean * (double(last.count) / count), count};
        }
    }
    for (block const& b : blocks) row = std::fill_n(row, b.count, b.mean);
}
// Where numbers would be equal, the next ones of the element type, as the set is open; `least` of them.
template <class T>
bool make_increasing(double* row, int n, double least) {
    make_nondecreasing(row, n);
    T previous{};
    for (int i = 0; i < n; ++i) {
        T number = static_cast<T>(std::max(row[i], least));
        if (i > 0 && !(number > previous)) number = next_number(previous, true);
        row[i] = double(previous = number);
    }
    return n == 0 || std::isfinite(row[n - 1]);
}
template <>
struct nearest_in<set::ordered> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_row(x, shape, [](double* row, int n) {
            return make_increasing<T>(row, n, double(std::numeric_limits<T>::lowest()));
        });
    }
};
template <>
struct nearest_in<set::positive_ordered> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_row(x, shape, [](double* row, int n) {
            return make_increasing<T>(row, n, double(std::numeric_limits<T>::denorm_min()));
        });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
