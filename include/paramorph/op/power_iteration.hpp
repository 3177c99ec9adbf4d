// power_iteration<eps>(m, v): one step of power iteration towards the largest singular value of a matrix:
//     auto [u, next_v, sigma] = pm::power_iteration(m, v);
// u = m v / |m v|, next_v = m^T u / |m^T u|, sigma = u^T m next_v = |m^T u|. No norm is divided by that is smaller than
// eps, a std::ratio (std::pico, 1e-12).
//
// power_iteration<eps, direction::anew>(m, v): the same where all is well, and u and next_v are unit vectors whatever m
// and v are. Lengths are taken without overflow and underflow, and sigma is not rounded up to eps. Where m v is zero or
// v has no direction (zero, not finite), it begins anew along the row of m that has the largest element. Where m is
// zero, sigma is 0, where it is not finite, NaN; next_v is v then, and where that has no direction, as u, the first
// unit vector.
//
// power_iteration<eps, direction::anew_scaled>(m, v) has a fourth result, s, a power of two that is 1 as a rule, and
// sigma is that of s m, so that it fits where the largest singular value does not: m / sigma is (s m) (1 / sigma).
//
// Shapes: [rows, columns], [columns] -> [rows], [columns], [] (, []). Adjoint: c u next_v^T of sigma's cotangent c: the
// vectors are constants of the gradient, as they are where the iteration has converged. The squares may overflow or
// underflow where the norms do not; then it is computed again, scaled. Errors: a matrix and a vector that do not fit
// are the compiler's. Cost: one pass over the matrix, 4 rows columns operations. Source: Miyato et al. 2018, "Spectral
// normalization for generative adversarial networks", algorithm 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <ratio>

#include "paramorph/op/length.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What becomes of vectors without a direction.
enum class direction { lost, anew, anew_scaled };

namespace op {

// Powers of two for sizes: 1 for those between 2^-40 and 2^40, for others what makes them 1 to 2; at most 1 / eps.
template <class Eps>
struct scale_of_size : dense<scale_of_size<Eps>, 1> {
    static constexpr std::string_view name = "scale_of_size";
    static constexpr bool flat = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.first).size(); }
    template <class T>
    static constexpr T of(T size) noexcept {
        T scale = 1;
        if (!(size > 0 && size <= std::numeric_limits<T>::max()) || (size >= T(0x1p-40) && size <= T(0x1p40)))
            return scale;
        while (size * scale >= 2) scale /= 2;
        while (size * scale < 1 && scale < most<T>) scale *= 2;
        return scale;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = of(x.argument[0][i]);
        return true;
    }

  private:
    template <class T>
    static constexpr T most = Eps::num == 0 ||
                                      double(Eps::den) / double(Eps::num) > double(std::numeric_limits<T>::max() / 8)
                                  ? std::numeric_limits<T>::max() / 8
                                  : T(double(Eps::den) / double(Eps::num)) / 2;
};

// Results: u, the next v, sigma; s.
template <class Eps, direction Direction = direction::lost>
struct power_iteration : dense<power_iteration<Eps, Direction>, 2, Direction == direction::anew_scaled ? 4 : 3> {
    static constexpr std::string_view name = "power_iteration";
    static constexpr bool anew = Direction != direction::lost, with_scale = Direction == direction::anew_scaled;
    using uses = ops<multiply, scaled_apart, unsqueeze>;
    static constexpr double eps = static_cast<double>(Eps::num) / static_cast<double>(Eps::den);
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? extents{1, {a[0].d[0]}} : result == 1 ? extents{1, {a[0].d[1]}} : extents{};
    }
    static constexpr double flops(auto const& g, node const& n) { return 4.0 * g.shape_of(n.argument[0]).size(); }

    // Where sums of products with a cotangent should fit, too, norms are between 2^-40 and 2^40.
    template <class T>
    static constexpr bool is_settled(T square) noexcept {
        return with_scale ? square >= T(0x1p-80) && square <= T(0x1p80) : sum_of_squares::is_settled(square);
    }
    // From m v in u and m^T m v in v; `squares` sums those of n numbers, `scale` multiplies them.
    template <class M, class T>
    static constexpr void finish(operands<T> const& x, auto const& squares, auto const& scale) noexcept {
        int const rows = x.shape[0].d[0], columns = x.shape[0].d[1];
        T *const u = x.result[0], *const v = x.result[1];
        auto const inverse = [](T length) { return 1 / (!anew && length < T(eps) ? T(eps) : length); };
        T square = squares(u, rows);
        bool const fits = is_settled(square);
        if (anew && !fits) return with_care<M>(x);
        T const of_u = inverse(fits ? static_cast<T>(M::sqrt(square)) : length_of<M>(u, rows));
        scale(u, rows, of_u);
        if (fits)
            scale(v, columns, of_u);
        else
            multiply_by_u(x);
        square = squares(v, columns);
        bool const settled = is_settled(square);
        if (anew && !settled) return with_care<M>(x);
        if (fits && !settled) multiply_by_u(x);
        T const length = settled ? static_cast<T>(M::sqrt(square)) : length_of<M>(v, columns), of_v = inverse(length);
        scale(v, columns, of_v);
        x.result[2][0] = length * (length * of_v);
        if constexpr (with_scale) x.result[3][0] = 1;
    }

    // A step that begins anew where it must, over the largest element of m.
    template <class M, class T>
    [[gnu::noinline, gnu::cold]] static constexpr void with_care(operands<T> const& x) noexcept {
        int const rows = x.shape[0].d[0], columns = x.shape[0].d[1];
        T const *const m = x.argument[0], *const start = x.argument[1];
        T *const u = x.result[0], *const v = x.result[1];
        extremes<T> const of_m = extremes_of(m, rows * columns), of_start = extremes_of(start, columns);
        bool const begun = of_start.finite && of_start.largest > 0;
        if (!of_m.finite || of_m.largest == 0) {
            for (int i = 0; i < rows; ++i) u[i] = T(i == 0);
            for (int j = 0; j < columns; ++j) v[j] = begun ? start[j] / of_start.largest : T(j == 0);
            make_unit<M>(v, columns);
            if constexpr (with_scale) x.result[3][0] = 1;
            x.result[2][0] = of_m.finite ? T(0) : std::numeric_limits<T>::quiet_NaN();
            return;
        }
        auto const along = [&](T const* row, T largest) {
            for (int j = 0; j < columns; ++j) v[j] = row[j] / largest;
            make_unit<M>(v, columns);
            T most = 0;
            for (int i = 0; i < rows; ++i) {
                u[i] = 0;
                for (int j = 0; j < columns; ++j) u[i] += m[i * columns + j] / of_m.largest * v[j];
                most = u[i] > most ? u[i] : -u[i] > most ? -u[i] : most;
            }
            return most > T(columns) * std::numeric_limits<T>::epsilon();
        };
        if (!begun || !along(start, of_start.largest)) along(m + of_m.at / columns * columns, of_m.largest);
        make_unit<M>(u, rows);
        for (int j = 0; j < columns; ++j) {
            v[j] = 0;
            for (int i = 0; i < rows; ++i) v[j] += m[i * columns + j] / of_m.largest * u[i];
        }
        T scale = 1;
        if constexpr (with_scale) x.result[3][0] = scale = scale_of_size<Eps>::of(of_m.largest);
        x.result[2][0] = make_unit<M>(v, columns) * (of_m.largest * scale);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const rows = x.shape[0].d[0], columns = x.shape[0].d[1];
        T *const u = x.result[0], *const v = x.result[1];
        for (int j = 0; j < columns; ++j) v[j] = 0;
        for (int i = 0; i < rows; ++i) {
            T const* const row = x.argument[0] + i * columns;
            u[i] = 0;
            for (int j = 0; j < columns; ++j) u[i] += row[j] * x.argument[1][j];
            for (int j = 0; j < columns; ++j) v[j] += row[j] * u[i];
        }
        finish<M>(
            x,
            [](T const* y, int n) {
                T total = 0;
                for (int i = 0; i < n; ++i) total += y[i] * y[i];
                return total;
            },
            [](T* y, int n, T factor) {
                for (int i = 0; i < n; ++i) y[i] *= factor;
            });
        return true;
    }
    // Where the sum of squares is out of range.
    template <class M, class T>
    static constexpr T length_of(T const* y, int n) noexcept {
        T const found = sum_of_squares::settle<M, T>([&](auto const& f) {
            for (int i = 0; i < n; ++i) f(y[i]);
        });
        return found < 0 ? -found : found;
    }
    // v = m^T u; m^T m v overflows sooner.
    template <class T>
    static constexpr void multiply_by_u(operands<T> const& x) noexcept {
        int const rows = x.shape[0].d[0], columns = x.shape[0].d[1];
        for (int j = 0; j < columns; ++j) x.result[1][j] = 0;
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) x.result[1][j] += x.argument[0][i * columns + j] * x.result[0][i];
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        if (a.cotangent[2] < 0) return;
        int u = push<multiply>(g, n.first, a.cotangent[2]);
        if constexpr (with_scale) u = push<scaled_apart>(g, u, n.first + 3);
        a.of_argument[0] = push<multiply>(g, push_with<unsqueeze>(g, attributes{{1}}, u), n.first + 1);
    }

  private:
    template <class T>
    struct extremes {
        T largest;
        int at;
        bool finite;
    };
    template <class T>
    static constexpr extremes<T> extremes_of(T const* x, int n) noexcept {
        extremes<T> e{0, 0, true};
        for (int i = 0; i < n; ++i) {
            T const size = x[i] < 0 ? -x[i] : x[i];
            e.finite = e.finite && size <= std::numeric_limits<T>::max();
            if (size > e.largest) e.largest = size, e.at = i;
        }
        return e;
    }
    // Divides by the length and answers with it; for numbers of at most about 1.
    template <class M, class T>
    static constexpr T make_unit(T* y, int n) noexcept {
        T const largest = extremes_of(y, n).largest;
        T total = 0;
        for (int i = 0; i < n; ++i) total += (y[i] / largest) * (y[i] / largest);
        T const length = static_cast<T>(M::sqrt(total));
        for (int i = 0; i < n; ++i) y[i] = y[i] / largest / length;
        return length * largest;
    }
};

}  // namespace op

template <class Eps = std::pico, direction Direction = direction::lost, traced A, traced V>
constexpr auto power_iteration(A const& m, V const& v) {
    constexpr extents a = extents_of<A>, x = extents_of<V>;
    if constexpr (a.rank != 2 || x.rank != 1 || a.d[1] != x.d[0]) {
        using wrong = detail::mistake<detail::sentence(
            "power_iteration: the arguments must be a matrix and a vector as long as its rows: they are ", a, " and ",
            x)>;
        using said [[maybe_unused]] = wrong::type;
        auto const instead = detail::after_mistake(v);
        if constexpr (Direction == direction::anew_scaled)
            return std::tuple(instead, instead, instead, instead);
        else
            return std::tuple(instead, instead, instead);
    } else
        return apply < op::power_iteration<Eps, Direction>, attributes{},
               Direction == direction::anew_scaled ? 4 : 3 > (m, v);
}

}  // namespace paramorph::inline PARAMORPH_ABI
