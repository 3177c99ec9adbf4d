// nearest: the element of a set that is nearest to an array, in the Frobenius norm (the Euclidean one of all elements).
//
//     auto s = pm::nearest<pm::set::symmetric>(a);   // an array: (a + a^T) / 2
//     layer.weight = pm::nearest(a);                 // the same, in the set of the weight's chain; try_assign(...) too
//
// That is another thing than `project`, which is forward(right_inverse(a)): of a matrix that is not symmetric
// param::symmetric reads the upper triangle, of any matrix param::orthogonal takes the Q of a QR factorization.
//
//   real                            a itself
//   nonnegative, positive           negative elements become 0, or the least positive number
//   at_least, at_most, interval     clipped; a number that the element type does not have, to the one next to it inside
//   lower_, upper_triangular, diagonal   zero elsewhere
//   symmetric, skew                 (a + a^T) / 2, (a - a^T) / 2
//   positive_semidefinite           the symmetric part, without its negative eigenvalues (Higham 1988)
//   rank_at_most<K>                 its K largest singular values (Eckart and Young 1936)
//   unit_sphere, unit_rows          divided by the length; zeros are refused, to which all are equally near
//   stiefel, orthogonal             u vh of the singular value decomposition: the polar factor (Fan and Hoffman 1955)
//   special_orthogonal              the same, the last singular vector turned round where the determinant is -1
//   simplex                         max(a - t, 0) with t such that rows sum to one (Held, Wolfe and Crowder 1974)
//   row_, column_stochastic         the same of each row, of each column
//   sum_to_zero                     less the mean of the row
//
// In a weight an end of an interval, a bound and a zero of a simplex become the number next to it inside, because
// sigmoid and softmax only come near to them. Open sets (nonzero, invertible, spd, ordered, correlation and Cholesky
// factors) have no nearest element. A set of a user's own says it by `static bool nearest(double* x, extents const&
// shape)`: x becomes it, or the answer is false. All is computed in double. Errors: pm::error for another shape than
// the set has, and for elements that are not finite.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/eigh.hpp"
#include "paramorph/core/error.hpp"
#include "paramorph/core/neighbours.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

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
                    double const half = a[i * n + j] / 2 + Sign * (a[j * n + i] / 2);
                    a[i * n + j] = half;
                    a[j * n + i] = Sign * half;
                }
            return true;
        });
    }
};
// x becomes u f(k, s_k) vh of its singular value decomposition.
inline bool with_singular_values(double* x, int rows, int columns, auto f) {
    int const k = std::min(rows, columns);
    auto const size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
    std::vector<double> u(size(rows, k)), s(size(k, 1)), vh(size(k, columns));
    if (!dense::svd(x, u.data(), s.data(), vh.data(), rows, columns)) return false;
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
inline bool make_unit(double* x, int n) {
    double largest = 0, squares = 0;
    for (int i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i]));
    if (largest == 0) return false;
    for (int i = 0; i < n; ++i) squares += (x[i] / largest) * (x[i] / largest);
    for (int i = 0; i < n; ++i) x[i] = x[i] / largest / std::sqrt(squares);
    return true;
}

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
template <>
struct nearest_in<set::positive_semidefinite> : known_nearest {
    template <class T>
    static bool find(double* x, extents const& shape, bool inside) {
        if (!nearest_in<set::symmetric>::find<T>(x, shape, inside)) return false;
        return each_matrix(x, shape, true, [](double* a, int n, int) {
            std::size_t const size = static_cast<std::size_t>(n);
            std::vector<double> w(size), v(size * size), scratch(size * size);
            if (!dense::eigh<dense::scalar_rows<double>>(a, w.data(), v.data(), scratch.data(), n)) return false;
            for (std::size_t i = 0; i < size; ++i)
                for (std::size_t j = 0; j <= i; ++j) {
                    double sum = 0;
                    for (std::size_t k = 0; k < size; ++k)
                        if (w[k] > 0) sum += v[i * size + k] * w[k] * v[j * size + k];
                    a[i * size + j] = a[j * size + i] = sum;
                }
            return true;
        });
    }
};
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
template <>
struct nearest_in<set::stiefel> : polar_factor<false, false> {};
template <>
struct nearest_in<set::orthogonal> : polar_factor<true, false> {};
template <>
struct nearest_in<set::special_orthogonal> : polar_factor<true, true> {};
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

// The elements of y, an array in memory, become those of the nearest element of the set; or the status says why not.
template <class Set, class Y>
[[nodiscard]] status make_nearest(Y& y, bool inside) {
    using T = typename Y::value_type;
    constexpr bool is_real = real<T>, known = nearest_in<Set>::known;
    static_assert(is_real, "nearest: the array's elements must be float or double");
    static_assert(
        known,
        "nearest: the set does not say which of its elements is the nearest: it is open (nonzero, invertible, "
        "spd, ordered, ...), or a set of your own without `static bool nearest(double* x, pm::extents const& "
        "shape)`");
    if constexpr (is_real && known) {
        extents shape;
        if (y.dimension() > static_cast<std::size_t>(max_rank)) return {"nearest: an array has at most four axes"};
        shape.rank = static_cast<int>(y.dimension());
        for (int k = 0; k < shape.rank; ++k) shape.d[k] = static_cast<int>(y.shape()[static_cast<std::size_t>(k)]);
        std::vector<double> x(y.size());
        copy_row_major(y, x.data());
        for (double const e : x)
            if (!std::isfinite(e)) return {"nearest: an element of the array is not finite"};
        if (!nearest_in<Set>::template find<T>(x.data(), shape, inside))
            return {
                "nearest: no element of the set is nearest to this array: either the set has none of its shape, or all "
                "are equally near, as unit vectors are to a row of zeros"};
        std::transform(x.begin(), x.end(), y.template begin<xt::layout_type::row_major>(),
                       [](double e) { return static_cast<T>(e); });
    }
    return {};
}

// An array whose nearest element of a set is asked for, see `nearest`.
template <class Y>
struct nearest_to {
    Y array;
};

}  // namespace detail

// The nearest element of Set, as an array of the shape and element type of a.
template <class Set, array_expression A>
auto nearest(A const& a) {
    std::remove_cvref_t<decltype(xt::eval(a))> y = a;
    throw_if_failed(detail::make_nearest<Set>(y, false));
    return y;
}
// What a weight takes as the nearest element of its chain's set: `layer.weight = pm::nearest(a)`.
template <array_expression A>
auto nearest(A const& a) {
    return detail::nearest_to<std::remove_cvref_t<decltype(xt::eval(a))>>{a};
}

}  // namespace paramorph::inline PARAMORPH_ABI
