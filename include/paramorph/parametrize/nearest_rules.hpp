// How the nearest element of a set is found, and of the sets with a condition on each element or with a structure; part
// of parametrize/nearest.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "paramorph/core/neighbours.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// How to find it: `find<T>(x, shape, inside)` makes x it, for elements that are rounded to T, and answers whether there
// is one. `inside`: in a weight, see above.
template <class Set>
struct nearest_in {
    static constexpr bool known = requires(double* x, extents const& s) { Set::nearest(x, s); };
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return Set::nearest(x, shape);
    }
};

struct known_nearest {
    static constexpr bool known = true;
};
// f(matrix, rows, columns) for every matrix of a stack.
inline bool each_matrix(double* x, extents const& shape, bool square, auto f) {
    if (shape.rank < 2 || (square && !membership::is_square(shape))) return false;
    int const rows = shape.from_end(1), columns = shape.from_end(0), size = rows * columns;
    for (int at = 0; at < shape.size(); at += size)
        if (!f(x + at, rows, columns)) return false;
    return true;
}
inline bool each_row(double* x, extents const& shape, auto f) {
    if (shape.rank < 1) return false;
    int const n = shape.from_end(0);
    for (int at = 0; at < shape.size(); at += n)
        if (!f(x + at, n)) return false;
    return true;
}
// x becomes f(x) for every element.
inline bool each_element(double* x, extents const& shape, auto f) {
    for (int i = 0; i < shape.size(); ++i) x[i] = f(x[i]);
    return true;
}
template <class Where>
struct zero_where : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, Where::square, [](double* a, int rows, int columns) {
            for (int i = 0; i < rows; ++i)
                for (int j = 0; j < columns; ++j)
                    if (Where::zero(i, j)) a[i * columns + j] = 0;
            return true;
        });
    }
};
struct above_diagonal {
    static constexpr bool square = false;
    static constexpr bool zero(int i, int j) { return j > i; }
};
struct below_diagonal {
    static constexpr bool square = false;
    static constexpr bool zero(int i, int j) { return j < i; }
};
struct off_diagonal {
    static constexpr bool square = true;
    static constexpr bool zero(int i, int j) { return i != j; }
};
template <int Sign>
struct half_with_transpose : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, true, [](double* a, int n, int) {
            for (int i = 0; i < n; ++i)
                for (int j = 0; j <= i; ++j) {
                    double const one = a[i * n + j], other = Sign * a[j * n + i], sum = one + other;
                    double const half = math::isfinite(sum) ? sum / 2 : one / 2 + other / 2;
                    a[i * n + j] = half;
                    a[j * n + i] = Sign * half;
                }
            return true;
        });
    }
};

template <>
struct nearest_in<set::real> : known_nearest {
    template <class T>
    static bool find(double*, extents const&, bool) {
        return true;
    }
};
template <>
struct nearest_in<set::nonnegative> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_element(x, shape, [](double e) { return std::max(e, 0.0); });
    }
};
template <>
struct nearest_in<set::positive> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_element(x, shape,
                            [](double e) { return std::max(e, double(std::numeric_limits<T>::denorm_min())); });
    }
};
template <auto Low, auto High>
struct nearest_in<set::interval<Low, High>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        using interval = set::interval<Low, High>;
        T low = not_below<T>(interval::low), high = not_above<T>(interval::high);
        if (inside && low < high && next_number(low, true) < high)
            low = next_number(low, true), high = next_number(high, false);
        if (!(low <= high)) return false;
        return each_element(x, shape, [=](double e) { return std::clamp(e, double(low), double(high)); });
    }
};
template <auto Low>
struct nearest_in<set::at_least<Low>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        T const low = not_below<T>(set::at_least<Low>::low), least = inside ? next_number(low, true) : low;
        return each_element(x, shape, [=](double e) { return std::max(e, double(least)); });
    }
};
template <auto High>
struct nearest_in<set::at_most<High>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        T const high = not_above<T>(set::at_most<High>::high), most = inside ? next_number(high, false) : high;
        return each_element(x, shape, [=](double e) { return std::min(e, double(most)); });
    }
};
template <>
struct nearest_in<set::lower_triangular> : zero_where<above_diagonal> {};
template <>
struct nearest_in<set::upper_triangular> : zero_where<below_diagonal> {};
template <>
struct nearest_in<set::diagonal> : zero_where<off_diagonal> {};
template <>
struct nearest_in<set::symmetric> : half_with_transpose<1> {};
template <>
struct nearest_in<set::skew> : half_with_transpose<-1> {};

template <int Below, int Above>
struct outside_of_band {
    static constexpr bool square = false;
    static constexpr bool zero(int i, int j) { return j - i > Above || i - j > Below; }
};
template <int Below, int Above>
struct nearest_in<set::banded<Below, Above>> : zero_where<outside_of_band<Below, Above>> {};
template <int Count>
struct nearest_in<set::block_diagonal<Count>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, false, [](double* a, int rows, int columns) {
            if (rows % Count != 0 || columns % Count != 0) return false;
            for (int i = 0; i < rows; ++i)
                for (int j = 0; j < columns; ++j)
                    if (!set::block_diagonal<Count>::in_chart(i, j, rows, columns)) a[i * columns + j] = 0;
            return true;
        });
    }
};
// The mean of the elements that must be equal: class_of(i, j, rows, columns) says of which, 0 to count - 1.
inline void mean_of_classes(double* a, int rows, int columns, int count, auto class_of) {
    std::vector<double> number(static_cast<std::size_t>(count)), first(number), mean(number);
    auto const each = [&](auto f) {
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) f(a[i * columns + j], static_cast<std::size_t>(class_of(i, j)));
    };
    each([&](double e, std::size_t k) {
        if (number[k]++ == 0) first[k] = e;
    });
    // By how much it is apart from the first: nothing where all are equal, of whatever size.
    each([&](double e, std::size_t k) { mean[k] += e / number[k] - first[k] / number[k]; });
    each([&](double& e, std::size_t k) { e = first[k] + mean[k]; });
}
// The mean of each diagonal, which goes on at the other end where it is `Around`.
template <bool Around>
struct mean_of_diagonals : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, Around, [](double* a, int rows, int columns) {
            mean_of_classes(a, rows, columns, rows + columns,
                            [=](int i, int j) { return j - i + (Around && j >= i ? 0 : rows); });
            return true;
        });
    }
};
template <>
struct nearest_in<set::toeplitz> : mean_of_diagonals<false> {};
template <>
struct nearest_in<set::circulant> : mean_of_diagonals<true> {};

template <>
struct nearest_in<set::dyadic> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, true, [](double* a, int n, int) {
            if (!std::has_single_bit(static_cast<unsigned>(n))) return false;
            mean_of_classes(a, n, n, n, [](int i, int j) { return i ^ j; });
            return true;
        });
    }
};
template <int Count>
struct nearest_in<set::permutation_equivariant<Count>> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool) {
        return each_matrix(x, shape, false, [](double* a, int rows, int columns) {
            if (rows % Count != 0 || columns % Count != 0) return false;
            int const p = rows / Count, q = columns / Count;
            mean_of_classes(a, rows, columns, 2 * p * q,
                            [=](int i, int j) { return (i % p * q + j % q) * 2 + (i / p == j / q ? 0 : 1); });
            return true;
        });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
