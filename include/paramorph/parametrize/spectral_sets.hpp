// The sets of tensors with a condition on lengths, singular values, determinants and exact ranks; part of
// parametrize/sets.hpp, which says how to read them. Errors: a radius or a bound that is not positive, a rank below 1
// are the compiler's. Cost: membership takes one pass over rows, or a factorization of each matrix. Source: geotorch,
// whose manifolds have these names.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/elementary_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI::set {

// --- rows of a length ---------------------------------------------------------------------------------------------

// Along the last axis the square root of the sum of x_i^2 is Radius, or at most Radius. Numbers, greater than 0.
template <auto Radius>
struct sphere;
template <auto Radius>
inline constexpr double rows_as_long_as<sphere<Radius>> = static_cast<double>(Radius);
template <auto Radius>
inline constexpr double rows_at_most_as_long_as<ball<Radius>> = static_cast<double>(Radius);
template <auto Radius>
struct sphere {
    static constexpr double radius = static_cast<double>(Radius);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<sphere>();
    template <class B>
    static constexpr bool inside =
        rows_as_long_as<B> == radius || rows_at_most_as_long_as<B> >= radius ||
        (radius == 1 && std::is_same_v<B, unit_rows>) || holds_all_between<B>(-radius, radius);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every_row(x, shape, [=](auto const& row, int n) {
            return membership::near(membership::length_of(row, n, radius), 1,
                                    membership::allowed_of(tolerance, radius) / radius);
        });
    }
    static_assert(radius > 0, "sphere: the radius must be greater than 0");
};
template <auto Radius>
struct ball {
    static constexpr double radius = static_cast<double>(Radius);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<ball>();
    template <class B>
    static constexpr bool inside = rows_at_most_as_long_as<B> >= radius || holds_all_between<B>(-radius, radius);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every_row(x, shape, [=](auto const& row, int n) {
            return membership::length_of(row, n, radius) <= 1 + membership::allowed_of(tolerance, radius) / radius;
        });
    }
    static_assert(radius > 0, "ball: the radius must be greater than 0");
};

// --- determinants -------------------------------------------------------------------------------------------------

// x square, det x > 0.
struct positive_determinant {
    using within = list<invertible>;
    static constexpr std::string_view name = "positive_determinant", demands = "a determinant greater than 0";
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return invertible::contains(x, shape, tolerance) &&
               membership::every_matrix(
                   x, shape, [](auto const& a, int n, int) { return membership::has_positive_determinant(a, n); });
    }
};
// x square, det x = 1: the tolerance is on the logarithm of the determinant.
struct special_linear {
    using within = list<positive_determinant>;
    static constexpr std::string_view name = "special_linear", demands = "a determinant of 1";
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) && membership::every_matrix(x, shape, [=](auto const& a, int n, int) {
                   auto const d = membership::find_log_determinant<T>(a, n);
                   return d.rounding < 1 && membership::near(d.value, 0, tolerance + d.rounding) &&
                          membership::has_positive_determinant(a, n);
               });
    }
};

// --- singular values and ranks ------------------------------------------------------------------------------------

template <class Set>
inline constexpr double norms_at_most = std::numeric_limits<double>::quiet_NaN();
template <auto Gamma>
inline constexpr double norms_at_most<contraction<Gamma>> = static_cast<double>(Gamma);
// No singular value of x exceeds Gamma.
template <auto Gamma>
struct contraction {
    static constexpr double gamma = static_cast<double>(Gamma);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<contraction>();
    template <class B>
    static constexpr bool inside =
        norms_at_most<B> >= gamma || rows_at_most_as_long_as<B> >= gamma || holds_all_between<B>(-gamma, gamma) ||
        (orthogonal_but_for<B> >= 1 && orthogonal_but_for<B> >= gamma - 1);
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return membership::every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
            auto const largest = membership::find_singular_value<T>(a, rows, columns, 0);
            return largest.value >= 0 &&
                   largest.value <= gamma + membership::allowed_of(tolerance, gamma) + largest.rounding;
        });
    }
    static_assert(gamma > 0, "contraction: the bound must be greater than 0");
};
// All singular values of x lie between 1 - Lambda and 1 + Lambda.
template <auto Lambda>
struct almost_orthogonal;
template <auto Lambda>
inline constexpr double orthogonal_but_for<almost_orthogonal<Lambda>> = static_cast<double>(Lambda);
template <auto Lambda>
struct almost_orthogonal {
    static constexpr double lambda = static_cast<double>(Lambda);
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<almost_orthogonal>();
    template <class B>
    static constexpr bool inside =
        orthogonal_but_for<B> >= lambda || norms_at_most<B> >= 1 + lambda || rows_at_most_as_long_as<B> >= 1 + lambda ||
        holds_all_between<B>(-(1 + lambda), 1 + lambda);
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return membership::every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
            auto const largest = membership::find_singular_value<T>(a, rows, columns, 0),
                       least = membership::find_singular_value<T>(a, rows, columns, math::min(rows, columns) - 1);
            return least.value >= 1 - lambda - tolerance - least.rounding && largest.value >= 0 &&
                   largest.value <= 1 + lambda + tolerance + largest.rounding;
        });
    }
};
// The first K singular values of x are greater than 0, the others are 0.
template <int K>
struct of_rank {
    using within = list<rank_at_most<K>>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<of_rank>();
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double tolerance) {
        return rank_at_most<K>::contains(x, shape, tolerance) &&
               (shape.size() > 0 || membership::count_of_parts(shape, 2) == 0) &&
               membership::every_matrix(x, shape, [=](auto const& a, int rows, int columns) {
                   auto const last = membership::find_singular_value<T>(a, rows, columns, K - 1);
                   return last.value > last.rounding;
               });
    }
    static_assert(K > 0, "of_rank: a rank is at least 1 here; of rank 0 is only the matrix of zeros");
};
template <int K>
struct positive_semidefinite_rank_at_most;
template <class Set>
inline constexpr int highest_rank_of_semidefinite = -1;
template <int K>
inline constexpr int highest_rank_of_semidefinite<positive_semidefinite_rank_at_most<K>> = K;
// x = x^T, v^T x v >= 0 for every v, and x of rank K at most.
template <int K>
struct positive_semidefinite_rank_at_most {
    using within = list<positive_semidefinite, rank_at_most<K>>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<positive_semidefinite_rank_at_most>();
    template <class B>
    static constexpr bool inside = K <= highest_rank_of_semidefinite<B>;
};
// Likewise, and of rank K.
template <int K>
struct positive_semidefinite_of_rank {
    using within = list<positive_semidefinite_rank_at_most<K>, of_rank<K>>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<positive_semidefinite_of_rank>();
};

// --- eigenvalues --------------------------------------------------------------------------------------------------

// x square, all its eigenvalues within the unit circle.
struct stable {
    using within = list<real>;
    static constexpr std::string_view name = "stable", demands = "eigenvalues within the unit circle, none on it";
    static constexpr bool contains(auto const* x, extents const& shape, double) {
        return membership::is_square(shape) && membership::every_matrix(x, shape, [](auto const& a, int n, int) {
                   membership::scratch<double> m(n * n);
                   for (int i = 0; i < n * n; ++i) m.data[i] = a(i / n, i % n);
                   return membership::powers_vanish(m.data, n);
               });
    }
};
// x square, v^T x v > 0 for every v != 0: its symmetric part is positive definite, as that of spd is.
struct passive {
    using within = list<positive_determinant>;
    static constexpr std::string_view name = "passive", demands = "a symmetric part that is positive definite";
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double) {
        return membership::is_square(shape) && membership::every_matrix(x, shape, [](auto const& a, int n, int) {
                   return membership::is_positive_definite<T>([&](int i, int j) { return a(i, j) / 2 + a(j, i) / 2; },
                                                              n);
               });
    }
};
// x square, all its eigenvalues with negative real parts.
struct hurwitz {
    using within = list<invertible>;
    static constexpr std::string_view name = "hurwitz",
                                      demands = "eigenvalues with negative real parts, none on the imaginary axis";
    static constexpr bool contains(auto const* x, extents const& shape, double) {
        return membership::is_square(shape) && membership::every_matrix(x, shape, [](auto const& a, int n, int) {
                   return membership::is_hurwitz(a, n);
               });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::set
