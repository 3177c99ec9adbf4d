// The dense kernels against plain loops in double: odd sizes, every transposition, aliasing, singular and extreme
// input.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/core/lu.hpp>
#include <paramorph/core/svd.hpp>
#include <paramorph/kernel/lu.hpp>
#include <paramorph/kernel/matmul.hpp>
#include <paramorph/kernel/svd.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace pm = paramorph;
namespace kernel = paramorph::kernel;

namespace {

template <class T>
constexpr double unit = double(std::numeric_limits<T>::epsilon());

template <class T>
std::vector<T> random(int size, unsigned seed) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<T> values(static_cast<std::size_t>(size));
    for (T& value : values) value = T(uniform(engine));
    return values;
}

// The largest difference between x and op(a) op(b).
template <class T>
double distance(T const* x, T const* a, T const* b, int m, int n, int k, bool transpose_a, bool transpose_b) {
    double worst = 0;
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
            double sum = 0;
            for (int l = 0; l < k; ++l)
                sum += double(a[transpose_a ? l * m + i : i * k + l]) * double(b[transpose_b ? j * k + l : l * n + j]);
            double const off = std::abs(sum - double(x[i * n + j]));
            worst = off <= worst ? worst : off;  // keeps what is not a number
        }
    return worst;
}

template <class V, int M, int N, int K, bool TransposeA, bool TransposeB>
void check_product() {
    using T = pm::simd::value_t<V>;
    auto const a = random<T>(M * K, 1), b = random<T>(K * N, 2);
    std::vector<T> c(M * N + 1, T(77));  // the last one must survive
    kernel::matmul<V, M, N, K, TransposeA, TransposeB>(a.data(), b.data(), c.data());
    INFO(M << " x " << N << " x " << K << (TransposeA ? ", A transposed" : "") << (TransposeB ? ", B transposed" : ""));
    CHECK(distance(c.data(), a.data(), b.data(), M, N, K, TransposeA, TransposeB) <= 2 * unit<T> * (K + 2));
    CHECK(c.back() == T(77));
}

template <class V, int M, int N, int K>
void check_products() {
    check_product<V, M, N, K, false, false>();
    check_product<V, M, N, K, true, false>();
    check_product<V, M, N, K, false, true>();
    check_product<V, M, N, K, true, true>();
}

template <class V, int N, int Columns>
void check_solves() {
    using T = pm::simd::value_t<V>;
    auto const a = random<T>(N * N, 3), b = random<T>(N * Columns, 4);
    std::vector<T> lu(N * N), x(N * Columns);
    std::vector<std::int32_t> pivots(N);
    INFO("n = " << N << ", " << Columns << " columns");
    REQUIRE(kernel::lu_factor<V, N>(a.data(), lu.data(), pivots.data()));
    double product = 0;  // of P A - L U
    for (int i = 0; i < N; ++i)
        for (int j = 0; j < N; ++j) {
            double sum = -double(a[std::size_t(pivots[i] * N + j)]);
            for (int k = 0; k <= std::min(i, j); ++k)
                sum += (k == i ? 1.0 : double(lu[i * N + k])) * double(lu[k * N + j]);
            if (auto const d = std::abs(sum); d > product || d != d) product = d;
            if (j < i) CHECK(std::abs(lu[i * N + j]) <= 1);  // the pivot was the largest
        }
    CHECK(product <= 4 * unit<T> * (N + 2));
    double largest = 1;
    kernel::lu_solve<V, N, Columns>(lu.data(), pivots.data(), b.data(), x.data());
    for (T value : x) largest = std::max(largest, double(std::abs(value)));
    CHECK(distance(b.data(), a.data(), x.data(), N, Columns, N, false, false) <= 8 * unit<T> * (N + 2) * largest);
    auto in_place = b;
    kernel::lu_solve<V, N, Columns>(lu.data(), pivots.data(), in_place.data(), in_place.data());
    CHECK(in_place == x);
    x = b;
    kernel::lu_solve_transposed<V, N, Columns>(lu.data(), pivots.data(), x.data(), x.data());
    largest = 1;
    for (T value : x) largest = std::max(largest, double(std::abs(value)));
    CHECK(distance(b.data(), a.data(), x.data(), N, Columns, N, true, false) <= 8 * unit<T> * (N + 2) * largest);
}

template <class V, int N>
bool factors(std::vector<pm::simd::value_t<V>> const& a) {
    std::vector<pm::simd::value_t<V>> lu(N * N);
    std::vector<std::int32_t> pivots(N);
    return kernel::lu_factor<V, N>(a.data(), lu.data(), pivots.data());
}

template <class V>
void check_singular() {
    using T = pm::simd::value_t<V>;
    constexpr int n = 13;
    auto const good = random<T>(n * n, 5);
    CHECK(factors<V, n>(good));
    CHECK_FALSE(factors<V, n>(std::vector<T>(n * n)));
    for (int at : {0, 5, 12 * 13 + 7, 12 * 13 + 12})
        for (T value : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
            auto bad = good;
            bad[std::size_t(at)] = value;
            INFO("entry " << at << " is " << value);
            CHECK_FALSE(factors<V, n>(bad));
        }
    auto zero_column = good;
    for (int i = 0; i < n; ++i) zero_column[std::size_t(i * n + 9)] = 0;
    CHECK_FALSE(factors<V, n>(zero_column));
}

template <class V, int M, int N>
void check_svd(std::vector<pm::simd::value_t<V>> const& a, int rank) {
    using T = pm::simd::value_t<V>;
    constexpr int k = std::min(M, N);
    std::vector<T> u(M * k), s(k), vh(k * N), scaled(k * N), one(k * k);
    INFO(M << " x " << N << ", rank " << rank);
    REQUIRE((kernel::svd<V, M, N>(a.data(), u.data(), s.data(), vh.data())));
    for (int i = 0; i < k; ++i) {
        CHECK((i == 0 || s[i] <= s[i - 1]));
        CHECK(s[i] >= 0);
        CHECK((s[i] > 100 * unit<T> * s[0]) == (i < rank));
        for (int j = 0; j < N; ++j) scaled[i * N + j] = s[i] * vh[i * N + j];
        one[i * (k + 1)] = 1;
        T top = 0;
        for (int j = 0; j < M; ++j)
            if (std::abs(u[j * k + i]) > std::abs(top)) top = u[j * k + i];
        CHECK(top > 0);
    }
    CHECK(distance(a.data(), u.data(), scaled.data(), M, N, k, false, false) <=
          20 * unit<T> * (double(s[0]) + double(std::numeric_limits<T>::denorm_min())));
    CHECK(distance(one.data(), u.data(), u.data(), k, k, M, true, false) <=
          (20 + 4 * k) * unit<T>);  // rounding grows with the rotations
    CHECK(distance(one.data(), vh.data(), vh.data(), k, k, N, false, true) <=
          (20 + 4 * k) * unit<T>);  // rounding grows with the rotations
}

template <class V>
void check_svds() {
    using T = pm::simd::value_t<V>;
    check_svd<V, 1, 1>(random<T>(1, 6), 1);
    check_svd<V, 7, 7>(random<T>(49, 7), 7);
    check_svd<V, 5, 19>(random<T>(95, 8), 5);
    check_svd<V, 19, 5>(random<T>(95, 9), 5);
    check_svd<V, 33, 33>(random<T>(33 * 33, 10), 33);
    check_svd<V, 6, 4>(std::vector<T>(24), 0);
    std::vector<T> low(9 * 6), left = random<T>(18, 11), right = random<T>(12, 12);
    for (int i = 0; i < 9; ++i)
        for (int j = 0; j < 6; ++j)
            low[std::size_t(i * 6 + j)] = left[std::size_t(2 * i)] * right[std::size_t(j)] +
                                          left[std::size_t(2 * i + 1)] * right[std::size_t(6 + j)];
    check_svd<V, 9, 6>(low, 2);
    auto turned = low;
    for (std::size_t i = 0; i < 54; ++i) turned[i % 6 * 9 + i / 6] = low[i];
    check_svd<V, 6, 9>(turned, 2);
    for (T scale : {std::numeric_limits<T>::max() / 64, std::numeric_limits<T>::min() * 64}) {
        auto far = random<T>(20, 13);
        for (T& value : far) value *= scale;
        check_svd<V, 4, 5>(far, 4);
    }
    std::vector<T> bad(20), u(16), s(4), vh(20);
    bad[7] = std::numeric_limits<T>::quiet_NaN();
    CHECK_FALSE((kernel::svd<V, 4, 5>(bad.data(), u.data(), s.data(), vh.data())));
}

// The constexpr versions, in constant evaluation under default limits.
constexpr std::array<double, 16> fixed{4, 1, -2, 0.5, 1, 3, 0.25, -1, -2, 0.25, 5, 2, 0.5, -1, 2, 6};

constexpr bool solves(bool transposed) {
    std::array<double, 16> lu{}, x{};
    std::array<std::int32_t, 4> pivots{};
    auto a = fixed;
    a[0] = 0;  // a pivot must be sought
    a[1] = 7;  // and A is not symmetric
    for (int i = 0; i < 4; ++i) x[std::size_t(5 * i)] = 1;
    if (!pm::linalg::lu_factor(a.data(), lu.data(), pivots.data(), 4)) return false;
    pm::linalg::lu_solve(lu.data(), pivots.data(), x.data(), x.data(), 4, 4, transposed);
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            double sum = i == j ? -1 : 0;
            for (std::size_t k = 0; k < 4; ++k) sum += (transposed ? a[k * 4 + i] : a[i * 4 + k]) * x[k * 4 + j];
            if (sum > 1e-14 || sum < -1e-14) return false;
        }
    return true;
}

constexpr bool decomposes(int m, int n) {
    std::array<double, 16> u{}, s{}, vh{};
    int const k = m < n ? m : n;
    if (!pm::linalg::svd(fixed.data(), u.data(), s.data(), vh.data(), m, n)) return false;
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
            double sum = -fixed[std::size_t(i * n + j)];
            for (int l = 0; l < k; ++l)
                sum += u[std::size_t(i * k + l)] * s[std::size_t(l)] * vh[std::size_t(l * n + j)];
            if (sum > 1e-13 || sum < -1e-13) return false;
        }
    return true;
}

static_assert(solves(false) && solves(true), "lu_solve does not undo the product in constant evaluation");
static_assert(decomposes(4, 4) && decomposes(2, 8) && decomposes(5, 3), "svd does not rebuild its argument");

}  // namespace

TEST_CASE("matmul: float") {
    using V = pm::simd::best<float>;
    check_products<V, 1, 1, 1>();
    check_products<V, 1, 77, 13>();
    check_products<V, 9, 1, 13>();
    check_products<V, 3, 33, 17>();
    check_products<V, 7, 11, 29>();
    check_product<V, 1, 3, 7, false, false>();
    check_product<V, 1, 64, 64, false, true>();
    check_product<V, 32, 10, 64, false, false>();
    check_product<V, 32, 10, 64, false, true>();
    check_product<V, 64, 64, 32, true, false>();
    check_product<V, 29, 70, 300, false, false>();
    check_product<V, 20, 19, 600, true, true>();
    check_product<V, 301, 17, 65, false, true>();
    check_product<V, 9, 7, 2500, false, true>();  // along rows, in parts
    check_product<V, 70, 10, 3333, false, true>();
    check_product<V, 2, 2, 4097, false, true>();
    check_product<V, 11, 6601, 20, false, false>();  // wide tiles
    check_product<V, 37, 3603, 9, true, false>();
}

TEST_CASE("matmul: double") {
    using V = pm::simd::best<double>;
    check_product<V, 1, 35, 13, false, false>();
    check_product<V, 1, 7, 13, false, true>();
    check_product<V, 5, 6, 2303, false, true>();
    check_product<V, 2, 5, 3, true, true>();
    check_product<V, 29, 37, 300, false, false>();
    check_product<V, 7, 11, 13, true, false>();
}

TEST_CASE("lu: solves what it factors") {
    using V = pm::simd::best<float>;
    check_solves<V, 1, 1>();
    check_solves<V, 5, 3>();
    check_solves<V, 17, 9>();
    check_solves<V, 64, 20>();
    check_solves<pm::simd::best<double>, 13, 5>();
}

TEST_CASE("lu: singular and not finite") {
    check_singular<pm::simd::best<float>>();
    check_singular<pm::simd::best<double>>();
}

TEST_CASE("lu: the constexpr version agrees with the kernel") {
    using V = pm::simd::best<double>;
    constexpr int n = 11;
    auto const a = random<double>(n * n, 14), b = random<double>(n * 3, 15);
    std::vector<double> lu(n * n), same(n * n), x(n * 3), y(n * 3), apart(n * 3);
    std::vector<std::int32_t> pivots(n), as(n);
    REQUIRE(kernel::lu_factor<V, n>(a.data(), lu.data(), pivots.data()));
    REQUIRE(pm::linalg::lu_factor(a.data(), same.data(), as.data(), n));
    CHECK(pivots == as);
    for (bool transposed : {false, true}) {
        if (transposed)
            kernel::lu_solve_transposed<V, n, 3>(lu.data(), pivots.data(), b.data(), x.data());
        else
            kernel::lu_solve<V, n, 3>(lu.data(), pivots.data(), b.data(), x.data());
        pm::linalg::lu_solve(same.data(), as.data(), b.data(), apart.data(), n, 3, transposed);
        y = b;
        pm::linalg::lu_solve(same.data(), as.data(), y.data(), y.data(), n, 3, transposed);
        CHECK(y == apart);
        for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(x[i] - y[i]) <= 1e-11 * (1 + std::abs(y[i])));
    }
}

TEST_CASE("svd: rebuilds its argument, orthonormal at any rank and scale") {
    check_svds<pm::simd::best<float>>();
    check_svds<pm::simd::best<double>>();
}
