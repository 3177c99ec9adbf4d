// The nearest element of the sets with a condition on each row; part of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

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
template <>
struct nearest_in<set::sum_to_zero> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_row(x, shape, [](double* row, int n) {
            double mean = 0;
            for (int i = 0; i < n; ++i) mean += row[i] / n;
            for (int i = 0; i < n; ++i) row[i] -= mean;
            return std::all_of(row, row + n, [](double e) { return std::isfinite(e); });
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
