// Matrices: factorizations, systems, determinants, rotations, and matrices made of few numbers. Exit status 0 if the
// numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <tuple>

#include "show.hpp"

template <std::size_t... E>
using fixed = xt::xtensor_fixed<double, xt::xshape<E...>>;

int main() {
    fixed<3, 3> const a{{4, 2, 0}, {2, 5, 1}, {0, 1, 3}};
    fixed<3> const b{2, 1, 3};
    std::initializer_list<double> const elements{4, 2, 0, 2, 5, 1, 0, 1, 3};

    // Each factorization gives back what it is of.
    auto const [by_cholesky, by_lu, by_qr, by_eigenvectors, by_svd] = pm::function([](auto m) {
        auto const root = pm::cholesky(m);
        auto [p, l, u] = pm::lu(m);
        auto [q, r] = pm::qr(m);
        auto [w, v] = pm::eigh(m);  // of a symmetric matrix
        auto [left, s, right] = pm::svd(m);
        return std::tuple{pm::matmul(root, pm::transpose(root)), pm::matmul(p, pm::matmul(l, u)), pm::matmul(q, r),
                          pm::matmul(v * w, pm::transpose(v)), pm::matmul(left * s, right)};
    })(a);
    show("cholesky", by_cholesky, elements);
    show("lu", by_lu, elements);
    show("qr", by_qr, elements);
    show("eigh", by_eigenvectors, elements);
    show("svd", by_svd, elements);

    auto const [x, forwards, backwards, determinant, sign, logarithm] = pm::function([](auto m, auto y) {
        auto const below = pm::triangular_solve(m, y);  // of the lower triangle
        auto const above = pm::triangular_solve<pm::triangular{.upper = true}>(m, y);
        auto [s, log_of_size] = pm::slogdet(m);
        return std::tuple{pm::matmul(m, pm::solve(m, y)),
                          pm::matmul(pm::tril(m), below),
                          pm::matmul(pm::triu(m), above),
                          pm::det(m),
                          s,
                          log_of_size};
    })(a, b);
    show("solve", x, {2, 1, 3});
    show("triangular_solve", forwards, {2, 1, 3});
    show("of the upper triangle", backwards, {2, 1, 3});
    show("det", determinant, 44);
    show("slogdet", sign, 1);
    show("its logarithm", logarithm, std::log(44.0));

    // A rotation by one radian from a skew matrix, back to it, and by Cayley's map.
    fixed<2, 2> const skew{{0, -1}, {1, 0}};
    auto const [rotation, angle, cayley] = pm::function([](auto s) {
        auto const r = pm::matrix_exp<pm::matrix_kind::skew>(s);
        return std::tuple{r, pm::rotation_log(r),
                          2 * pm::cayley_inverse(pm::identity<2, 2>() + s) - pm::identity<2, 2>()};
    })(skew);
    show("matrix_exp", rotation, {std::cos(1.0), -std::sin(1.0), std::sin(1.0), std::cos(1.0)});
    show("rotation_log", angle, {0, -1, 1, 0});
    show("cayley_inverse", cayley, {0, 1, -1, 0});

    // Reflections: v = (1, 1) with tau = 1 turns the first unit vector to minus the second one.
    fixed<2, 1> const below_one{{7}, {1}};  // the 7 stands where v is 1, and is not read
    fixed<1> const tau{1};
    show("householder_product",
         pm::function([](auto v, auto t) { return pm::householder_product(v, t); })(below_one, tau), {0, -1});
    // The largest singular value, a step at a time.
    fixed<3> direction{1, 0, 0};
    double largest = 0;
    auto const step = pm::function([](auto m, auto v) { return pm::power_iteration(m, v); });
    for (int k = 0; k < 60; ++k) {
        auto const [u, next, sigma] = step(a, direction);
        direction = next;
        largest = sigma;
    }
    auto const [values, vectors] = pm::function([](auto m) { return pm::eigh(m); })(a);
    show("power_iteration", largest, values(2));

    // Matrices of few numbers.
    fixed<3> const c{1, 2, 3};
    auto const [diagonals, turned, on_diagonal, diagonal, packed, from_below, unpacked, to_above,
                walsh] = pm::function([](auto v, auto m) {
        return std::tuple{pm::toeplitz<2>(v),     pm::circulant(v),          pm::from_diagonal<1>(v),
                          pm::diagonal<-1>(m),    pm::pack_upper(m),         pm::pack_lower<-1>(m),
                          pm::unpack_lower<2>(v), pm::unpack_upper<3, 1>(v), pm::walsh_hadamard(pm::pad<0, 1, 0>(v))};
    })(c, a);
    show("toeplitz<2>", diagonals, {2, 3, 1, 2});
    show("circulant", turned, {1, 3, 2, 2, 1, 3, 3, 2, 1});
    show("from_diagonal<1>", on_diagonal, {0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0});
    show("diagonal<-1>", diagonal, {2, 1});
    show("pack_upper", packed, {4, 2, 0, 5, 1, 3});
    show("pack_lower<-1>", from_below, {2, 0, 1});
    show("unpack_upper<3, 1>", to_above, {0, 1, 2, 0, 0, 3, 0, 0, 0});
    show("unpack_lower<2>", unpacked, {1, 0, 2, 3});
    show("walsh_hadamard", walsh, {6, -2, -4, 0});

    // A product that is not formed: x (a b) is (x a) b, which takes fewer operations where a b is of low rank.
    fixed<3, 1> const tall{{1}, {2}, {3}};
    fixed<1, 3> const wide{{1, 0, -1}}, row{{1, 1, 1}};
    show("matmul_in_factors", pm::function([](auto r, auto t, auto w) {
             return pm::matmul(r, pm::matmul_in_factors(t, w));
         })(row, tall, wide),
         {6, 0, -6});

    // Complex numbers are pairs of real tensors: turned by a quarter, |z| stays.
    auto const [re, im, size] = pm::function([](auto u, auto v) {
        auto const z = pm::complex(u, v);
        auto const i = pm::complex(0 * u, 0 * v + 1);
        auto const quarter = z * i;
        return std::tuple{quarter.re, pm::conj(quarter).im, pm::abs(quarter)};
    })(c, b);
    show("complex, re", re, {-2, -1, -3});
    show("conj, im", im, {-1, -2, -3});
    show("abs", size, {std::sqrt(5.0), std::sqrt(5.0), std::sqrt(18.0)});
    return good ? 0 : 1;
}
