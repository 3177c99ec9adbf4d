// Sets: what the compiler says of inclusion, against elements. Where A is said to be within B, every sample of A is one
// of B; where it is not, a sample shows it: an element of A that is none of B.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>
#include "../catch.hpp"

#include "paramorph/core/random.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace pm = paramorph;
namespace set = pm::set;

namespace {

struct sample {
    pm::extents shape;
    std::vector<double> x;
};
using matrix = std::vector<double>;  // n x n, row by row

template <class... Set>
struct sets {
    static constexpr int count = sizeof...(Set);
    static std::vector<std::string> names() { return {std::string(pm::set_name<Set>())...}; }
    static std::vector<std::vector<bool>> inclusions() { return {within<Set>()...}; }
    static std::vector<bool> memberships(sample const& s) { return {pm::contains<Set>(s.x.data(), s.shape, 1e-9)...}; }

  private:
    template <class A>
    static std::vector<bool> within() {
        return {pm::subset<A, Set>...};
    }
};
using all =
    sets<set::real, set::nonzero, set::nonnegative, set::positive, set::at_least<1>, set::at_least<-1>, set::at_most<1>,
         set::at_most<-1>, set::interval<-1, 1>, set::interval<0, 1>, set::interval<-2, 2>, set::lower_triangular,
         set::upper_triangular, set::symmetric, set::skew, set::diagonal, set::invertible, set::positive_semidefinite,
         set::spd, set::rank_at_most<1>, set::rank_at_most<2>, set::unit_sphere, set::unit_rows, set::stiefel,
         set::orthogonal, set::special_orthogonal, set::simplex, set::ordered, set::positive_ordered, set::sum_to_zero,
         set::sum_to_zero_matrix, set::row_stochastic, set::column_stochastic, set::doubly_stochastic,
         set::cholesky_factor, set::correlation_factor, set::correlation, set::sphere<1>, set::sphere<2>, set::ball<1>,
         set::ball<2>, set::positive_determinant, set::special_linear, set::contraction<1>, set::contraction<2>,
         set::almost_orthogonal<0.25>, set::almost_orthogonal<1>, set::of_rank<1>, set::of_rank<2>,
         set::positive_semidefinite_rank_at_most<1>, set::positive_semidefinite_rank_at_most<2>,
         set::positive_semidefinite_of_rank<1>, set::positive_semidefinite_of_rank<2>, set::stable, set::passive,
         set::hurwitz, set::toeplitz, set::circulant, set::dyadic, set::banded<0, 0>, set::banded<1, 0>,
         set::banded<0, 1>, set::banded<1, 1>, set::block_diagonal<2>, set::permutation_equivariant<2>,
         set::pruned<1, 2>, set::pruned<1, 4>, set::pruned<2, 4>, set::values_at_most<2>, set::values_at_most<3>,
         set::two_values<-1>, set::three_values<-1>, set::two_values<0>, set::three_values<0>>;

matrix product(matrix const& a, matrix const& b, int n) {
    matrix c(a.size());
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            for (int k = 0; k < n; ++k) c[i * n + j] += a[i * n + k] * b[k * n + j];
    return c;
}
matrix transposed(matrix const& a, int n) {
    matrix c(a.size());
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) c[j * n + i] = a[i * n + j];
    return c;
}
// A product of rotations in the planes of neighbours.
matrix rotation(pm::random& from, int n) {
    matrix q(n * n);
    for (int i = 0; i < n; ++i) q[i * n + i] = 1;
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i + 1 < n; ++i) {
            double const angle = from.uniform(-3, 3), c = std::cos(angle), s = std::sin(angle);
            for (int k = 0; k < n; ++k) {
                double const a = q[i * n + k], b = q[(i + 1) * n + k];
                q[i * n + k] = c * a - s * b;
                q[(i + 1) * n + k] = s * a + c * b;
            }
        }
    return q;
}

class samples {
  public:
    std::vector<sample> of;

    samples() {
        for (int n : {1, 2, 3, 4}) {
            for (int k = 0; k < 6; ++k) of_order(n);
            rows(n);
        }
        for (auto const& m : {matrix{1, 0, 0, 1}, matrix{0, 1, 1, 0}, matrix{0, 0, 0, 0}, matrix{1, 1, 1, 1},
                              matrix{0, -1, 1, 0}, matrix{1, 0, 0, -1}, matrix{0.5, 0.5, 0.5, 0.5}, matrix{1, 5, 0, 1},
                              matrix{0, 3, 0, 0}, matrix{-1, 0, 0, -1}, matrix{2, 0, 0, 0.5}, matrix{1, -3, 3, 1}})
            square(m, 2);
        // What needs many elements, or zeros.
        matrix first(36), near(36), two(36), corner(64);
        for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j) {
                first[i * 6 + j] = j == 0 ? 1 : 0;
                near[i * 6 + j] = i == j ? 1 : 0.99;
                two[i * 6 + j] = i / 3 == j / 3 ? 1 + i * j : 0;
            }
        matrix factor = first;
        for (int i = 1; i < 6; ++i) factor[i * 6] = 0.8, factor[i * 6 + i] = 0.6;
        for (auto const& m : {first, transposed(first, 6), near, two, factor}) square(m, 6);
        for (int k : {3, 4, 11, 12, 27}) corner[k] = 5;
        square(corner, 8);
        of.push_back({{2, {1, 6}}, {1, 1, 1, 1, 1, 1}});
        square({1, 0, 0, 0}, 2);
        square({0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}, 4);
        square({2, 0, 0, 2}, 2);
        of.push_back({{0, {}}, {1}});
        of.push_back({{2, {1, 4}}, {0.6, 0, 0.8, 0}});
        of.push_back({{2, {4, 2}}, {1, 0, 0, 0, 0, 2, 0, 0}});
        of.push_back({{2, {2, 4}}, {1, 0, 0, 0, 0, 1, 0, 0}});
        of.push_back({{2, {2, 4}}, {0.5, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, -0.5}});
        of.push_back({{2, {4, 2}}, {1, 0, 0, 0, 0, 1, 0, 0}});
        of.push_back({{2, {3, 2}}, {1, 0, 0, 0.6, 0, 0.8}});
        of.push_back({{2, {1, 4}}, {1, -1, -1, 1}});
        of.push_back({{3, {2, 2, 2}}, {1, 0, 0, 0, 0, 0.6, 0.8, 0}});
        of.push_back({{3, {2, 2, 2}}, {1, 0, 0, 1, 0, -1, 1, 0}});
        of.push_back({{3, {2, 2, 2}}, {1, 2, 3, 4, -1, -2, -3, -4}});
    }

  private:
    pm::random from_{7};
    matrix before_;

    void stack(matrix const& a, matrix const& b, int n) {
        std::vector<double> both = a;
        both.insert(both.end(), b.begin(), b.end());
        of.push_back({{3, {2, n, n}}, both});
    }
    void square(matrix const& a, int n) { of.push_back({{2, {n, n}}, a}); }
    // Of a matrix: it, its triangles, its parts, and what is made of them, at several scales.
    void of_order(int n) {
        matrix a(n * n), d(n * n), few(n * n);
        for (double& e : a) e = from_.uniform(-1, 1);
        for (int i = 0; i < n; ++i) d[i * n + i] = from_.uniform(0.1, 2);
        matrix const q = rotation(from_, n), p = transposed(q, n), at = transposed(a, n);
        matrix mirrored = q, lower = a, upper = a, low = a, skew(n * n), symmetric(n * n), outer(n * n), of_two(n * n),
               positive = a, column = a, doubly(n * n), circulant(n * n), toeplitz(n * n), dyadic(n * n), summing = a,
               unit = a, shrunk = q;
        for (int j = 0; j < n; ++j) mirrored[j] = -mirrored[j];
        std::vector<double> diagonals(2 * n);
        for (double& e : diagonals) e = from_.uniform(-1, 1);
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                int const k = i * n + j;
                if (j > i) lower[k] = 0;
                if (j < i) upper[k] = 0;
                low[k] = j > i ? 0 : j == i ? std::abs(a[k]) + 0.1 : a[k];
                skew[k] = a[k] - at[k];
                symmetric[k] = a[k] + at[k];
                outer[k] = a[i] * a[j];
                of_two[k] = a[i * n] * a[j * n] + (n > 1 ? a[i * n + 1] * a[j * n + 1] : 0);
                positive[k] = std::abs(a[k]);
                circulant[k] = diagonals[(i - j + n) % n];
                toeplitz[k] = diagonals[i - j + n - 1];
                if ((n & (n - 1)) == 0) dyadic[k] = diagonals[i ^ j];
                few[k] = a[k] > 0 ? 0.75 : -0.75;
            }
        matrix gram = product(a, at, n), spectrum = product(product(q, d, n), p, n), rows = positive, chol = low;
        for (int i = 0; i < n; ++i) {
            double sum = 0, length = 0, size = 0, total = 0;
            for (int j = 0; j < n; ++j) {
                sum += positive[i * n + j], length += a[i * n + j] * a[i * n + j],
                    size += low[i * n + j] * low[i * n + j];
                total += a[i * n + j];
            }
            for (int j = 0; j < n; ++j) {
                rows[i * n + j] /= sum;
                unit[i * n + j] /= std::sqrt(length);
                chol[i * n + j] /= std::sqrt(size);
                summing[i * n + j] -= total / n;
            }
        }
        matrix const columns = transposed(rows, n), correlated = product(chol, transposed(chol, n), n);
        matrix both = summing;  // rows and columns sum to 0
        for (int j = 0; j < n; ++j) {
            double total = 0;
            for (int i = 0; i < n; ++i) total += summing[i * n + j];
            for (int i = 0; i < n; ++i) both[i * n + j] -= total / n;
        }
        // Of permutations, weighed.
        double const w = from_.uniform(0.1, 0.9);
        for (int i = 0; i < n; ++i) doubly[i * n + (i + 1) % n] += w, doubly[i * n + (n - 1 - i)] += 1 - w;
        matrix blocks = a, alike(n * n), band = a, sparse = a, wide_band = a;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                if (n % 2 == 0) {
                    int const h = n / 2;
                    if (i / h != j / h) blocks[i * n + j] = 0;
                    alike[i * n + j] = a[i % h * n + j % h + (i / h == j / h ? 0 : h)];
                }
                if (std::abs(i - j) > 1) wide_band[i * n + j] = 0;
                if (i != j && i != j + 1) band[i * n + j] = 0;
                if ((i * n + j) % 2 != 0) sparse[i * n + j] = 0;
            }
        for (int k = 0; k < n * n; ++k) shrunk[k] *= 0.9;
        matrix unimodular = low, decaying = gram, turning = skew;
        double det = 1;
        for (int i = 0; i < n; ++i) det *= low[i * n + i];
        for (double& e : unimodular) e /= std::pow(det, 1.0 / n);
        unimodular = product(unimodular, q, n);
        for (int i = 0; i < n; ++i) decaying[i * n + i] += 0.5, turning[i * n + i] += 0.5;
        matrix negative = decaying;
        for (double& e : negative) e = -e;
        matrix sphere = a, third = few, gaps = few;
        double norm = 0;
        for (double e : a) norm += e * e;
        for (double& e : sphere) e /= std::sqrt(norm);
        third[0] = 0.25;
        gaps[0] = 0;
        for (auto const& m :
             {a,          d,       q,      mirrored,   lower,    upper,     low,      skew,
              symmetric,  outer,   of_two, positive,   rows,     columns,   unit,     chol,
              correlated, summing, both,   doubly,     blocks,   alike,     band,     transposed(band, n),
              wide_band,  sparse,  shrunk, unimodular, decaying, turning,   negative, sphere,
              few,        third,   gaps,   gram,       spectrum, circulant, toeplitz, dyadic})
            for (double const by : {1.0, -1.0, 1.9, 40.0}) {
                matrix scaled = m;
                for (double& e : scaled) e *= by;
                square(scaled, n);
                if (before_.size() == scaled.size()) stack(before_, scaled, n);
                if (by == 1) before_ = m;
            }
    }
    // Rows of n numbers, and vectors.
    void rows(int n) {
        for (int count : {0, 1, 2}) {
            pm::extents const shape = count == 0 ? pm::extents{1, {n}} : pm::extents{2, {count, n}};
            for (int k = 0; k < 8; ++k) {
                std::vector<double> x(shape.size()), rising = x, unit = x, shares = x, level = x;
                for (int i = 0; i < shape.size() / n; ++i) {
                    double sum = 0, length = 0, at = k % 2 == 0 ? -1 : 0.1, total = 0;
                    for (int j = 0; j < n; ++j) {
                        double const e = x[i * n + j] = from_.uniform(-1, 1) * (k % 3 + 1);
                        rising[i * n + j] = at += std::abs(e) + 0.1;
                        sum += std::abs(e), length += e * e, total += e;
                    }
                    for (int j = 0; j < n; ++j) {
                        unit[i * n + j] = x[i * n + j] / std::sqrt(length);
                        shares[i * n + j] = std::abs(x[i * n + j]) / sum;
                        level[i * n + j] = x[i * n + j] - total / n;
                    }
                }
                std::vector<double> twice = unit;
                for (double& e : twice) e *= 2;
                for (auto const& v : {x, rising, unit, shares, level, twice}) of.push_back({shape, v});
            }
        }
    }
};

}  // namespace

TEST_CASE("sets: inclusion is what elements show") {
    samples const drawn;
    auto const names = all::names();
    auto const said = all::inclusions();
    std::vector<std::vector<bool>> refuted(all::count, std::vector<bool>(all::count)), wrong = refuted;
    std::vector<int> elements(all::count);
    for (auto const& s : drawn.of) {
        auto const in = all::memberships(s);
        for (int a = 0; a < all::count; ++a) {
            elements[a] += in[a];
            for (int b = 0; b < all::count && in[a]; ++b)
                if (!in[b]) refuted[a][b] = true;
        }
    }
    std::string unsound, unseen;
    for (int a = 0; a < all::count; ++a) {
        INFO(names[a]);
        CHECK(elements[a] > 3);
        for (int b = 0; b < all::count; ++b) {
            if (said[a][b] && refuted[a][b]) unsound += names[a] + " in " + names[b] + "; ";
            if (!said[a][b] && !refuted[a][b]) unseen += names[a] + " in " + names[b] + "; ";
        }
    }
    CHECK(unsound == "");
    CHECK(unseen == "");
}
