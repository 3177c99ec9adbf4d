// Blocks of a matrix, products of them and what is built on them, against plain loops in double: sizes and strides that
// fill no vector.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/core/cholesky.hpp>
#include <paramorph/core/inverse_unpivoted.hpp>
#include <paramorph/core/random.hpp>
#include <paramorph/kernel/blocks.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace pm = paramorph;
namespace linalg = paramorph::linalg;

namespace {

template <class T>
constexpr double unit = double(std::numeric_limits<T>::epsilon());

template <class T>
std::vector<T> random(int size, double low = -1, double high = 1) {
    pm::random source{static_cast<std::uint64_t>(size)};
    std::vector<T> values(static_cast<std::size_t>(size));
    for (T& value : values) value = T(source.uniform(low, high));
    return values;
}
template <class T>
std::vector<T> definite(int n, double spread) {
    auto a = random<T>(n * n, -spread, spread);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) {
            a[std::size_t(i * n + j)] = i == j ? T(1) : -a[std::size_t(j * n + i)];
        }
    return a;
}

// Rows of A, B and C lie 3, 1 and 2 elements farther apart than they are long; what lies between those of C stays.
template <class V, linalg::into How, bool TransposeA>
void check_product(int m, int n, int k) {
    using T = pm::simd::value_t<V>;
    int const as = (TransposeA ? m : k) + 3, bs = n + 1, cs = n + 2;
    auto const a = random<T>(as * (TransposeA ? k : m)), b = random<T>(bs * k), before = random<T>(cs * m);
    auto c = before;
    pm::kernel::vector_blocks<V>::template multiply<How, TransposeA>(a.data(), as, b.data(), bs, c.data(), cs, m, n, k);
    double worst = 0;
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < cs; ++j) {
            double const old = double(before[std::size_t(i * cs + j)]);
            double sum = 0;
            for (int l = 0; l < k; ++l)
                if (j < n)
                    sum += double(a[std::size_t(TransposeA ? l * as + i : i * as + l)]) *
                           double(b[std::size_t(l * bs + j)]);
            double const right = j >= n                          ? old
                                 : How == linalg::into::assign   ? sum
                                 : How == linalg::into::add      ? old + sum
                                 : How == linalg::into::subtract ? old - sum
                                                                 : -sum;
            if (auto const d = std::abs(right - double(c[std::size_t(i * cs + j)])); d > worst || d != d) worst = d;
        }
    INFO(m << " x " << n << " x " << k);
    CHECK(worst <= 2 * unit<T> * (k + 2));
}
template <class V>
void check_products() {
    using enum linalg::into;
    for (int m : {1, 2, 3, 7, 8, 12, 13, 22})
        for (int n : {1, 5, 8, 16, 19, 37}) check_product<V, assign, false>(m, n, m + n);
    check_product<V, subtract, true>(13, 21, 9);
    check_product<V, add, false>(14, 18, 700);
    check_product<V, subtract, false>(14, 18, 700);
    check_product<V, negative, false>(5, 18, 700);
    check_product<V, negative, true>(5, 33, 8);
}

template <class V>
void check_inverses() {
    using T = pm::simd::value_t<V>;
    for (int n : {1, 2, 5, 8, 11, 16, 17, 24, 33, 70}) {
        auto const a = definite<T>(n, 1.5 / std::sqrt(n));
        std::vector<T> x(a.size()), scratch(a.size());
        T largest = -1, of_elements = 0;
        for (T e : a) of_elements = std::max(of_elements, std::abs(e));
        INFO("n = " << n);
        REQUIRE(
            linalg::inverse_of_definite<pm::kernel::vector_blocks<V>>(a.data(), x.data(), scratch.data(), n, largest));
        CHECK(largest == of_elements);
        double worst = 0;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = i == j ? -1 : 0;
                for (int k = 0; k < n; ++k)
                    sum += double(a[std::size_t(i * n + k)]) * double(x[std::size_t(k * n + j)]);
                if (auto const d = std::abs(sum); d > worst || d != d) worst = d;
            }
        CHECK(worst <= 4 * unit<T> * (n + 4));
        for (T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()})
            for (int at : {0, n - 1, n * n - 1}) {
                auto broken = a;
                broken[std::size_t(at)] = bad;
                CHECK_FALSE(linalg::inverse_of_definite<pm::kernel::vector_blocks<V>>(broken.data(), x.data(),
                                                                                      scratch.data(), n, largest));
            }
    }
}

template <class V>
void check_cholesky() {
    using T = pm::simd::value_t<V>;
    for (int n : {1, 3, 16, 17, 41, 64}) {
        auto const y = random<T>(n * n);
        std::vector<T> a(y.size()), l(y.size());
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = i == j ? 1 : 0;
                for (int k = 0; k < n; ++k)
                    sum += double(y[std::size_t(i * n + k)]) * double(y[std::size_t(j * n + k)]);
                a[std::size_t(i * n + j)] = T(sum);
            }
        INFO("n = " << n);
        REQUIRE(linalg::cholesky<pm::kernel::vector_blocks<V>>(a.data(), l.data(), n));
        double worst = 0, largest = 0;
        for (int i = 0; i < n; ++i) largest = std::max(largest, double(a[std::size_t(i * n + i)]));
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = -double(a[std::size_t(i * n + j)]);
                for (int k = 0; k < n; ++k)
                    sum += double(l[std::size_t(i * n + k)]) * double(l[std::size_t(j * n + k)]);
                if (auto const d = std::abs(sum); d > worst || d != d) worst = d;
            }
        // Higham, "Accuracy and Stability of Numerical Algorithms", theorem 10.3; as much again for this sum in double.
        CHECK(worst <= unit<T> * (n + 1) * largest);
    }
}

// Every number in every place, among smaller ones: whole vectors of any width, and what is left of them.
template <class T>
void check_largest_magnitude() {
    using limits = std::numeric_limits<T>;
    for (T const number : {T(0), -T(0), limits::denorm_min(), -limits::denorm_min(), limits::min(), T(1e-30), T(-1),
                           T(1e30), -limits::max(), limits::infinity(), -limits::infinity()})
        for (int n = 1; n <= 37; ++n)
            for (int at = 0; at < n; ++at) {
                std::vector<T> a(static_cast<std::size_t>(n), number > 0 ? -number / 2 : number / 2);
                if (std::isinf(number)) std::fill(a.begin(), a.end(), limits::max());
                a[std::size_t(at)] = number;
                INFO("n = " << n << ", at " << at << ": " << double(number));
                REQUIRE(linalg::detail::largest_magnitude(a.data(), n) == std::abs(number));
                for (T const nan : {limits::quiet_NaN(), -limits::quiet_NaN()}) {
                    a[std::size_t(n - 1 - at)] = nan;
                    REQUIRE(std::isnan(linalg::detail::largest_magnitude(a.data(), n)));
                }
            }
    static constexpr T numbers[]{T(1), T(-3), T(2)};
    STATIC_REQUIRE(linalg::detail::largest_magnitude(numbers, 3) == 3);
    STATIC_REQUIRE(linalg::detail::largest_magnitude(numbers, 0) == 0);
}

}  // namespace

TEST_CASE("blocks: products") {
    check_products<pm::simd::best<float>>();
    check_products<pm::simd::best<double>>();
}
TEST_CASE("blocks: the inverse of a definite matrix, or word of what is not finite") {
    check_inverses<pm::simd::best<float>>();
    check_inverses<pm::simd::best<double>>();
}
TEST_CASE("blocks: the largest magnitude of numbers from zero to infinity, and what is not a number") {
    check_largest_magnitude<float>();
    check_largest_magnitude<double>();
}
TEST_CASE("blocks: cholesky") {
    check_cholesky<pm::simd::best<float>>();
    check_cholesky<pm::simd::best<double>>();
}
