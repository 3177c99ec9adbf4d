// Long sums: the error stays within 4 (log2 n + 8) epsilon of the exact sum, over every axis, in the kernels of every
// vector width and in the interpreter; of numbers of both signs, relative to the sum of their magnitudes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/op/dot.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/pooling.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/window.hpp"

namespace {

// Exact sums, by a second number for what the first one cannot hold (Neumaier).
struct exact_sum {
    double high = 0, low = 0;
    void add(double x) {
        double const t = high + x;
        low += std::abs(high) >= std::abs(x) ? (high - t) + x : (x - t) + high;
        high = t;
    }
    double value() const { return high + low; }
};

// For each result of a reduction of x [n0, n1, n2] along some of its axes: the sum, and that of the magnitudes.
struct sums_along {
    test::numbers sums, magnitudes;
    sums_along(test::numbers const& x, std::array<int, 3> n, std::array<bool, 3> along) {
        std::array<int, 3> const kept{along[0] ? 1 : n[0], along[1] ? 1 : n[1], along[2] ? 1 : n[2]};
        std::vector<exact_sum> s(static_cast<std::size_t>(kept[0] * kept[1] * kept[2])), m = s;
        std::size_t at = 0;
        for (int i = 0; i < n[0]; ++i)
            for (int j = 0; j < n[1]; ++j)
                for (int k = 0; k < n[2]; ++k, ++at) {
                    std::size_t const to = static_cast<std::size_t>(
                        ((along[0] ? 0 : i) * kept[1] + (along[1] ? 0 : j)) * kept[2] + (along[2] ? 0 : k));
                    s[to].add(x[at]);
                    m[to].add(std::abs(x[at]));
                }
        for (std::size_t i = 0; i < s.size(); ++i) sums.push_back(s[i].value()), magnitudes.push_back(m[i].value());
    }
};

template <class T>
double bound(double n) {
    return 4 * (std::log2(n) + 8) * static_cast<double>(std::numeric_limits<T>::epsilon());
}
// The largest error over the sum of magnitudes.
double worst(test::numbers const& got, sums_along const& exact) {
    REQUIRE(got.size() == exact.sums.size());
    double w = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        double const error = std::abs(got[i] - exact.sums[i]) / exact.magnitudes[i];
        w = error <= w ? w : error;  // a NaN is the worst
    }
    return w;
}

// The largest relative difference.
double farthest(test::numbers const& got, test::numbers const& right) {
    double w = 0;
    for (std::size_t i = 0; i < right.size(); ++i) {
        double const error = std::abs(got[i] / right[i] - 1);
        w = error <= w ? w : error;
    }
    return w;
}

template <class T>
test::numbers drawn(int n, bool of_one_sign) {
    pm::random source{5};
    test::numbers x;
    for (int i = 0; i < n; ++i) x.push_back(static_cast<T>(of_one_sign ? 0.1 * (1 + i % 3) : source.uniform(-1, 1)));
    return x;
}

// The outputs of F are sums of its argument, seen as [n0, n1, n2], along these axes.
template <class T, class Shape, class F>
void check(F const&, std::array<int, 3> n, std::vector<std::array<bool, 3>> const& along) {
    using P = test::value_program_of<F, T, Shape>;
    for (bool const of_one_sign : {true, false}) {
        test::arrays const x{drawn<T>(n[0] * n[1] * n[2], of_one_sign)};
        auto const vectors = test::run_kernel<P, pm::simd::best<T>>(x), scalars = test::run_kernel<P, T>(x),
                   reference = test::interpret(test::simplified<P>(), x);
        for (std::size_t k = 0; k < along.size(); ++k) {
            double terms = 1;
            for (std::size_t a = 0; a < 3; ++a)
                if (along[k][a]) terms *= n[a];
            sums_along const exact(x[0], n, along[k]);
            CHECK(worst(vectors.outputs[k], exact) <= bound<T>(terms));
            CHECK(worst(scalars.outputs[k], exact) <= bound<T>(terms));
            CHECK(worst(reference.outputs[k], exact) <= bound<double>(terms));
        }
    }
}

constexpr bool y = true, n = false;
constexpr int million = 1 << 20;

constexpr auto columns = [](auto x) { return pm::sum<0>(x); };
constexpr auto rows = [](auto x) { return pm::sum<1>(x); };
constexpr auto everything = [](auto x) { return pm::sum(x); };
constexpr auto middle = [](auto x) { return pm::sum<1>(x); };
constexpr auto ends = [](auto x) { return pm::sum<0, 2>(x); };
constexpr auto all_ways = [](auto x) { return std::tuple{pm::sum<0>(x), pm::sum<1>(x), pm::sum(x)}; };
constexpr auto behind_views = [](auto x) {
    return std::tuple{pm::sum(pm::transpose(x)), pm::sum<1>(pm::transpose(x))};
};

}  // namespace

TEST_CASE("long sums: 2^20 numbers, along leading axes, rows, and everything") {
    check<float, pm::shape<million, 4>>(columns, {1, million, 4}, {{n, y, n}});
    check<float, pm::shape<3, million / 4>>(rows, {1, 3, million / 4}, {{n, n, y}});
    check<float, pm::shape<million>>(everything, {1, 1, million}, {{n, n, y}});
    check<float, pm::shape<million, 1>>(columns, {1, million, 1}, {{n, y, n}});
    check<float, pm::shape<million / 8, 2, 4>>(columns, {million / 8, 2, 4}, {{y, n, n}});
}
TEST_CASE("long sums: other axes, odd extents, several sums in one loop, in double too") {
    check<float, pm::shape<3, 5000, 37>>(middle, {3, 5000, 37}, {{n, y, n}});
    check<float, pm::shape<3000, 3, 21>>(ends, {3000, 3, 21}, {{y, n, y}});
    check<float, pm::shape<5003, 33>>(all_ways, {1, 5003, 33}, {{n, y, n}, {n, n, y}, {n, y, y}});
    check<float, pm::shape<700, 1100>>(columns, {1, 700, 1100}, {{n, y, n}});
    check<float, pm::shape<40, 9000>>(behind_views, {1, 40, 9000}, {{n, y, y}, {n, y, n}});
    check<double, pm::shape<million / 4, 5>>(columns, {1, million / 4, 5}, {{n, y, n}});
    check<double, pm::shape<million / 3>>(everything, {1, 1, million / 3}, {{n, n, y}});
}

TEST_CASE("long sums: below masks") {
    auto const upper = [](auto x) { return std::tuple{pm::sum<0>(pm::triu(x)), pm::sum(pm::triu(x))}; };
    using P = test::value_program_of<decltype(upper), float, pm::shape<1500, 70>>;
    test::numbers x = drawn<float>(1500 * 70, true);
    auto const vectors = test::run_kernel<P, pm::simd::best<float>>({x}), scalars = test::run_kernel<P, float>({x});
    for (int i = 0; i < 1500; ++i)
        for (int j = 0; j < i && j < 70; ++j) x[static_cast<std::size_t>(i * 70 + j)] = 0;
    sums_along const of_columns(x, {1, 1500, 70}, {n, y, n}), of_all(x, {1, 1500, 70}, {n, y, y});
    for (auto const* r : {&vectors, &scalars}) {
        CHECK(worst(r->outputs[0], of_columns) <= bound<float>(1500));
        CHECK(worst(r->outputs[1], of_all) <= bound<float>(1500 * 70));
    }
}

TEST_CASE("long sums: of rows that run together with what they are computed from") {
    // The rows of a softmax sum to one: so does each block of them.
    auto const f = [](auto x) { return pm::sum(pm::softmax(x)); };
    using P = test::value_program_of<decltype(f), float, pm::shape<65536, 7>>;
    test::numbers const x = drawn<float>(65536 * 7, false);
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>({x}), test::run_kernel<P, float>({x})})
        CHECK(std::abs(r.outputs[0][0] / 65536 - 1) <= bound<float>(65536 * 7));
}

TEST_CASE("long sums: mean, norm, dot, mse, and the gradient of what is broadcast") {
    auto const f = [](auto x, auto z, auto b) {
        return std::tuple{pm::mean(x), pm::norm(x), pm::dot(x, z), pm::mse(x, z), pm::sum(x + b)};
    };
    using P = test::program_of<decltype(f), float, pm::shape<million>, pm::shape<million>, pm::shape<1>>;
    test::numbers const x = drawn<float>(million, true), z(million, double(0.3f));
    test::arrays const all{x, z, {0}, {1}, {1}, {1}, {1}, {double(0.1f)}};
    sums_along const sum(x, {1, 1, million}, {n, n, y});
    exact_sum squares, products, differences;
    for (std::size_t i = 0; i < x.size(); ++i) {
        squares.add(x[i] * x[i]);
        products.add(x[i] * z[i]);
        differences.add((x[i] - z[i]) * (x[i] - z[i]));
    }
    double const eps = bound<float>(million) * 1.1;  // a product is rounded as well
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(all), test::run_kernel<P, float>(all)}) {
        REQUIRE(r.status.ok());
        CHECK(std::abs(r.outputs[0][0] * million / sum.sums[0] - 1) <= eps);
        CHECK(std::abs(r.outputs[1][0] / std::sqrt(squares.value()) - 1) <= eps);
        CHECK(std::abs(r.outputs[2][0] / products.value() - 1) <= eps);
        CHECK(std::abs(r.outputs[3][0] * million / differences.value() - 1) <= eps);
        CHECK(std::abs(r.outputs[7][0] / (double(0.1f) * million) - 1) <= eps);  // of b
    }
}

TEST_CASE("long sums: products with a long inner extent, however they are transposed") {
    auto const run = []<int M, int N, int K, bool TransposeB>() {
        auto const f = [](auto a, auto b) {
            if constexpr (TransposeB)
                return pm::matmul(a, pm::transpose(b));
            else
                return pm::matmul(a, b);
        };
        using P = test::program_of<decltype(f), float, pm::shape<M, K>,
                                   std::conditional_t<TransposeB, pm::shape<N, K>, pm::shape<K, N>>>;
        test::arrays x{drawn<float>(M * K, true), test::numbers(std::size_t(N * K)), {}};
        for (std::size_t i = 0; i < x[1].size(); ++i) x[1][i] = static_cast<float>(0.1 + 0.01 * double(i % 5));
        x[2] = test::numbers(M * N, 1);
        auto const reference = test::interpret(test::simplified<P>(), x);
        for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(x), test::run_kernel<P, float>(x)})
            for (std::size_t k = 0; k < 3; ++k) CHECK(farthest(r.outputs[k], reference.outputs[k]) <= bound<float>(K));
    };
    run.operator()<1, 1, million, true>();
    run.operator()<1, 3, 70003, false>();
    run.operator()<1, 3, 70003, true>();
    run.operator()<5, 1, 70001, false>();
    run.operator()<2, 16, 65536, false>();
    run.operator()<9, 5, 20011, true>();
}
TEST_CASE("long sums: gradients of a weight and a bias in a large batch") {
    auto const f = [](auto x, auto w, auto b) { return pm::matmul(x, w) + b; };
    using P = test::program_of<decltype(f), float, pm::shape<30001, 3>, pm::shape<3, 4>, pm::shape<4>>;
    test::arrays x{
        drawn<float>(30001 * 3, true), drawn<float>(12, true), {0, 0, 0, 0}, test::numbers(30001 * 4, double(0.1f))};
    auto const reference = test::interpret(test::simplified<P>(), x);
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(x), test::run_kernel<P, float>(x)})
        for (std::size_t k = 2; k < 4; ++k) CHECK(farthest(r.outputs[k], reference.outputs[k]) <= bound<float>(30001));
}

TEST_CASE("long sums: maximum, minimum and product in blocks") {
    auto const f = [](auto x) { return std::tuple{pm::max<0>(x), pm::min<0>(x), pm::prod<0>(x), pm::max(x)}; };
    using P = test::value_program_of<decltype(f), float, pm::shape<1000, 3>>;
    test::numbers x;
    for (int i = 0; i < 3000; ++i) x.push_back(i % 7 == 0 ? -1 : 1);
    x[1501] = 4, x[2999] = -5, x[300] = std::numeric_limits<double>::quiet_NaN();
    test::arrays const a{x};
    auto const reference = test::interpret(test::simplified<P>(), a);
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(a), test::run_kernel<P, float>(a)})
        for (std::size_t k = 0; k < 4; ++k) CHECK(test::close(r.outputs[k], reference.outputs[k], 0));
    CHECK(reference.outputs[0][1] == 4);
    CHECK(reference.outputs[1][2] == -5);
    CHECK(std::isnan(reference.outputs[3][0]));
}

namespace {

// Gradients of what reads an element many times.
template <class T, class Shape, class F>
void check_gradient(F const&, test::numbers const& x) {
    using P = test::program_of<F, T, Shape>;
    static constexpr int terms = pm::compiled<P>::simplified.shape_of(pm::compiled<P>::simplified.outputs[0]).size();
    test::arrays const a{x, drawn<T>(terms, true)};
    auto const right = test::interpret(test::simplified<P>(), a).outputs[1];
    for (auto const& r : {test::run_kernel<P, pm::simd::best<T>>(a), test::run_kernel<P, T>(a)})
        for (std::size_t i = 0; i < right.size(); ++i)
            if (right[i] != 0)
                CHECK(std::abs(r.outputs[1][i] / right[i] - 1) <= bound<T>(terms));
            else
                CHECK(r.outputs[1][i] == 0);
}

template <int... K>
constexpr auto first_again_and_again(auto x, std::integer_sequence<int, K...>) {
    return pm::gather<0, (K % 40 == 39 ? 1 : 0)...>(x);
}

}  // namespace

TEST_CASE("long sums: the adjoints of poolings, windows, and elements that are taken many times") {
    using pooling = pm::op::pooling_numbers;
    auto const adaptive = [](auto x) {
        return pm::apply<pm::op::window_mean, pooling{0, million, 1, 1, 0, pm::op::window_over::adaptive}.pack()>(x);
    };
    auto const adaptive_largest = [](auto x) {
        constexpr auto at = pooling{0, million / 4, 1, 1, 0, pm::op::window_over::adaptive}.pack();
        return pm::apply<pm::op::take_at_max, at>(x, pm::square(x));
    };
    auto const means = [](auto x) { return pm::apply<pm::op::window_mean, pooling{0, 4000, 3001, 1, 0}.pack()>(x); };
    auto const largest = [](auto x) {
        return pm::apply<pm::op::take_at_max, pooling{0, 40001, 30000, 1, 0}.pack()>(x, x);
    };
    auto const windows = [](auto x) { return pm::window<700>(x); };
    auto const taken = [](auto x) { return first_again_and_again(x, std::make_integer_sequence<int, 1000>()); };
    check_gradient<float, pm::shape<1>>(adaptive, {2});
    check_gradient<double, pm::shape<3>>(adaptive_largest, {1, 2, 3});
    check_gradient<float, pm::shape<7000>>(means, test::numbers(7000, 1.0));
    test::numbers x(70000, 1.0);
    x[35000] = 2;
    check_gradient<float, pm::shape<70000>>(largest, x);
    check_gradient<float, pm::shape<2000>>(windows, test::numbers(2000, 1.0));
    check_gradient<float, pm::shape<2, 3>>(taken, test::numbers(6, 1.0));
}
