// What membership in a set is decided by: conditions on the row-major elements of a tensor, in constant evaluation or
// at run time. Everything is computed in double. Elements that are not finite fail every condition. No intermediate
// overflows, so that constant evaluation gives an answer whatever the elements are. Cost: one pass over the elements,
// and a copy of a matrix where one is factorized. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/shape.hpp"

namespace paramorph::inline PARAMORPH_ABI::membership {

// |a - b| <= tolerance, without overflow.
constexpr bool near(double a, double b, double tolerance) {
    return a <= b + tolerance && b <= a + tolerance;
}

// Is every element finite, and does f(element) hold?
template <class T>
constexpr bool every(T const* x, extents const& shape, auto f) {
    for (int i = 0; i < shape.size(); ++i)
        if (double const e = static_cast<double>(x[i]); !math::isfinite(e) || !f(e)) return false;
    return true;
}
template <class T>
constexpr bool finite(T const* x, extents const& shape) {
    return every(x, shape, [](double) { return true; });
}

// The largest magnitude of an element.
template <class T>
constexpr double largest_element(T const* x, extents const& shape) {
    double largest = 0;
    for (int i = 0; i < shape.size(); ++i) largest = math::max(largest, math::abs(static_cast<double>(x[i])));
    return largest;
}

// No element is beyond -1 or 1: so it is wherever a norm is 1, and then squares are safe to add.
template <class T>
constexpr bool within_one(T const* x, extents const& shape, double tolerance) {
    return every(x, shape, [=](double e) { return near(e, 0, 1 + tolerance); });
}

// How many rows, or matrices, a tensor has: all extents but the last one, or two.
constexpr int count_of_parts(extents const& s, int axes) {
    int count = 1;
    for (int k = axes; k < s.rank; ++k) count *= s.from_end(k);
    return count;
}
constexpr bool is_square(extents const& s) {
    return s.rank >= 2 && s.from_end(0) == s.from_end(1);
}
// The matrix of the first axis and all others.
constexpr extents as_matrix(extents const& s) {
    return s.rank > 2 ? extents{2, {s.d[0], s.size() / s.d[0]}} : s;
}
// A stack of matrices, over the last two axes: is every element finite, and does f(a, rows, columns) hold for each
// matrix? a(i, j) is an element. Matrices without elements are not asked.
template <class T>
constexpr bool every_matrix(T const* x, extents const& shape, auto f) {
    if (shape.rank < 2 || !finite(x, shape)) return false;
    int const rows = shape.from_end(1), columns = shape.from_end(0);
    for (int at = 0; at < shape.size(); at += rows * columns) {
        auto const a = [from = x + at, columns](int i, int j) { return static_cast<double>(from[i * columns + j]); };
        if (!f(a, rows, columns)) return false;
    }
    return true;
}
// What a tolerance allows where the largest of the numbers is this one: as much, and less of small numbers, so that
// they are judged as if they were of the size of 1.
constexpr double allowed_of(double tolerance, double largest) {
    return tolerance * math::min(1.0, largest);
}

// Conditions with a number that a family of sets has, at least, at most, in an interval; the tolerance is that of the
// number.
template <class T>
constexpr bool at_least(T const* x, extents const& shape, double low, double tolerance) {
    double const least = low - allowed_of(tolerance, math::abs(low));
    return every(x, shape, [=](double e) { return e >= least; });
}
template <class T>
constexpr bool at_most(T const* x, extents const& shape, double high, double tolerance) {
    double const most = high + allowed_of(tolerance, math::abs(high));
    return every(x, shape, [=](double e) { return e <= most; });
}
template <class T>
constexpr bool in_interval(T const* x, extents const& shape, double low, double high, double tolerance) {
    double const allowed = allowed_of(tolerance, math::max(math::abs(low), math::abs(high)));
    return every(x, shape, [=](double e) { return e >= low - allowed && e <= high + allowed; });
}

constexpr double largest_magnitude(auto const& a, int rows, int columns) {
    double largest = 0;
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) largest = math::max(largest, math::abs(a(i, j)));
    return largest;
}
// The same for pairs (i, j): f(a, i, j, allowed), where `allowed` is what the tolerance allows of the matrix.
template <class T>
constexpr bool every_place(T const* x, extents const& shape, double tolerance, auto f) {
    return every_matrix(x, shape, [&](auto const& a, int rows, int columns) {
        double const allowed = allowed_of(tolerance, largest_magnitude(a, rows, columns));
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j)
                if (!f(a, i, j, allowed)) return false;
        return true;
    });
}
// Is every element 0 whose place satisfies where(i, j)?
template <class T>
constexpr bool vanishes(T const* x, extents const& shape, double tolerance, auto where) {
    return every_place(x, shape, tolerance, [=](auto const& a, int i, int j, double allowed) {
        return !where(i, j) || near(a(i, j), 0, allowed);
    });
}
// Rows along the last axis: is every element finite, and does f(row, n) hold for each? row(i) is an element.
template <class T>
constexpr bool every_row(T const* x, extents const& shape, auto f) {
    if (shape.rank < 1 || !finite(x, shape)) return false;
    int const n = shape.from_end(0), rows = count_of_parts(shape, 1);
    for (int k = 0; k < rows; ++k)
        if (!f([from = x + k * n](int i) { return static_cast<double>(from[i]); }, n)) return false;
    return true;
}

// Is the norm of the n numbers x(i), none beyond 1, equal to 1?
constexpr bool has_unit_norm(auto const& x, int n, double tolerance) {
    double total = 0;
    for (int i = 0; i < n; ++i) total += x(i) * x(i);
    return near(math::sqrt(total), 1, tolerance);
}

// The norm of the n numbers x(i), divided by `unit`, without overflow on the way; infinity where it does not fit.
constexpr double length_of(auto const& x, int n, double unit) {
    double largest = 0, total = 0;
    for (int i = 0; i < n; ++i) largest = math::max(largest, math::abs(x(i)));
    if (largest == 0) return 0;
    for (int i = 0; i < n; ++i) total += (x(i) / largest) * (x(i) / largest);
    // The quotient may not fit in constant evaluation, which then would not end.
    if (unit < 1 && largest > std::numeric_limits<double>::max() * unit) return std::numeric_limits<double>::infinity();
    double const scale = largest / unit, root = math::sqrt(total);
    return scale > std::numeric_limits<double>::max() / root ? std::numeric_limits<double>::infinity() : scale * root;
}

}  // namespace paramorph::inline PARAMORPH_ABI::membership
