// solve, lu_solve and svd: value by their defining equations, derivative against finite differences, statuses, and
// interpreter against kernels. The dense kernels themselves are tested in dense_kernels.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/triangle.hpp"

namespace {

constexpr auto solved = [](auto a, auto b) { return pm::solve(a, b); };
template <int N>
constexpr auto well_posed = [](auto a, auto b) { return pm::solve(a + 4.0 * (a * 0.0 + pm::identity<N>()), b); };
// What does not depend on the signs of the singular vectors.
constexpr auto rebuilt = [](auto a) {
    auto const [u, s, vh] = pm::svd(a);
    return std::tuple{pm::matmul(u * s, vh), s, pm::matmul(u, vh)};
};
constexpr auto factors = [](auto a) { return pm::svd(a); };

double product(test::numbers const& a, test::numbers const& b, std::size_t i, std::size_t j, std::size_t inner,
               std::size_t columns) {
    double total = 0;
    for (std::size_t k = 0; k < inner; ++k) total += a[i * inner + k] * b[k * columns + j];
    return total;
}

}  // namespace

TEST_CASE("op: solve") {
    test::numbers const a{0, 2, 1, 1, -1, 3, 4, 0.5, -2}, b{1, 0, 2, -1, 0.5, 3};
    auto const x = test::interpret<pm::shape<3, 3>, pm::shape<3, 2>>(solved, {a, b}).outputs[0];
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 2; ++j) CHECK(std::abs(product(a, x, i, j, 3, 2) - b[i * 2 + j]) < 1e-14);
    CHECK(test::interpret<pm::shape<2, 2>, pm::shape<2>>(solved, {{2, 0, 0, 4}, {2, 2}}).outputs[0] ==
          test::numbers{1, 0.5});
    CHECK(test::interpret<pm::shape<1, 1>, pm::shape<1, 1>>(solved, {{4}, {2}}).outputs[0] == test::numbers{0.5});
    test::expect_gradient<pm::shape<4, 4>, pm::shape<4, 2>>(well_posed<4>, -1, 1);
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3>>(well_posed<3>, -1, 1);
}

TEST_CASE("op: solve of a singular or infinite matrix fails with a sentence") {
    using square = pm::shape<2, 2>;
    double const infinity = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
    for (test::numbers const& a : {test::numbers{1, 2, 2, 4}, test::numbers{0, 0, 0, 0},
                                   test::numbers{1, infinity, 0, 1}, test::numbers{none, 0, 0, 1}}) {
        auto const r = test::interpret<square, square>(solved, {a, {1, 0, 0, 1}});
        REQUIRE_FALSE(r.status.ok());
        CHECK(std::string(r.status.failed) == "solve: the matrix is singular or not finite");
        using P = test::value_program_of<decltype(solved), float, square, square>;
        CHECK_FALSE(test::run_kernel<P, pm::simd::best<float>>({a, {1, 0, 0, 1}}).status.ok());
        CHECK_FALSE(test::run_kernel<P, float>({a, {1, 0, 0, 1}}).status.ok());
    }
}

TEST_CASE("op: solve agrees three ways, with its gradient") {
    test::expect_agreement<float, pm::shape<5, 5>, pm::shape<5, 9>>(well_posed<5>, -1, 1);
    test::expect_agreement<double, pm::shape<9, 9>, pm::shape<9, 1>>(well_posed<9>, -1, 1);
}

TEST_CASE("op: svd of tall, square and wide matrices") {
    auto const check = [](auto const& f, test::numbers const& a, std::size_t m, std::size_t n, auto shape) {
        auto const y = test::interpret<decltype(shape)>(f, {a}).outputs;
        std::size_t const k = std::min(m, n);
        CHECK(test::close(test::interpret<decltype(shape)>(rebuilt, {a}).outputs[0], a, 1e-13));
        for (std::size_t i = 0; i < k; ++i) {
            CHECK(y[1][i] >= (i + 1 < k ? y[1][i + 1] : 0));
            for (std::size_t j = 0; j < k; ++j) {
                double uu = 0, vv = 0;
                for (std::size_t r = 0; r < m; ++r) uu += y[0][r * k + i] * y[0][r * k + j];
                for (std::size_t c = 0; c < n; ++c) vv += y[2][i * n + c] * y[2][j * n + c];
                CHECK(std::abs(uu - (i == j ? 1 : 0)) < 1e-13);
                CHECK(std::abs(vv - (i == j ? 1 : 0)) < 1e-13);
            }
            // The sign: the largest entry of a column of u is positive.
            double largest = 0;
            for (std::size_t r = 0; r < m; ++r)
                largest = std::abs(y[0][r * k + i]) > std::abs(largest) + 1e-14 ? y[0][r * k + i] : largest;
            CHECK(largest > 0);
        }
    };
    check(factors, {1, 2, 3, 4, 5, 6, 7, 8, 10}, 3, 3, pm::shape<3, 3>{});
    check(factors, {1, -2, 3, 4, 0.5, 6, -7, 8}, 4, 2, pm::shape<4, 2>{});
    check(factors, {1, -2, 3, 4, 0.5, 6, -7, 8}, 2, 4, pm::shape<2, 4>{});
    // Rank-deficient: the factors stay orthonormal.
    check(factors, {1, 2, 3, 2, 4, 6, 3, 6, 9}, 3, 3, pm::shape<3, 3>{});
    check(factors, {0, 0, 0, 0, 0, 0, 0, 0, 0}, 3, 3, pm::shape<3, 3>{});
}

TEST_CASE("op: svd's gradient, of tall, square and wide matrices") {
    test::arrays const a{{2, 0.5, -0.25, 0.125, -1, 0.75, 0.5, 0.25, 0.5, -0.75, 1.5, 1}};
    CHECK(test::gradient_is_right<pm::shape<3, 4>>(factors, a));
    CHECK(test::gradient_is_right<pm::shape<4, 3>>(factors, a));
    CHECK(test::gradient_is_right<pm::shape<3, 3>>(factors, {{2, 0.5, -0.25, 0.125, -1, 0.75, 0.5, 0.25, 0.5}}));
    CHECK(test::gradient_is_right<pm::shape<3, 4>>(rebuilt, a));
    CHECK(test::gradient_is_right<pm::shape<4, 3>>([](auto x) { return std::get<1>(pm::svd(x)); }, a));
    CHECK(test::gradient_is_right<pm::shape<4, 3>>([](auto x) { return std::get<2>(pm::svd(x)); }, a));
}

TEST_CASE("op: svd's gradient through its vectors at any scale is that at one, over the scale") {
    auto const of_u = [](auto a) { return std::get<0>(pm::svd(a)); };
    auto const of_vh = [](auto a) { return std::get<2>(pm::svd(a)); };
    auto const check = []<class T, class F, class Shape>(T, F, Shape, test::numbers const& a,
                                                         std::vector<double> const& scales) {
        using P = test::program_of<F, T, Shape>;
        test::arrays at_one = test::arguments_for(test::simplified<P>(), -1, 1);
        at_one[0] = a;
        test::numbers const right = test::interpret(test::simplified<P>(), at_one).outputs[1];
        for (double const s : scales) {
            test::arrays scaled = at_one;
            for (double& e : scaled[0]) e *= s;
            for (auto const& r : test::three_ways<P>(scaled)) {
                INFO("scale " << s);
                REQUIRE(r.status.ok());
                test::numbers g = r.outputs[1];
                for (double& e : g) e *= s;
                CHECK(test::close(g, right, sizeof(T) == 4 ? 2e-5 : 1e-12));
            }
        }
    };
    test::numbers const a{3, 1, 0, 2}, tall{3, 1, 0, 2, -1, 0.5};
    std::vector<double> const in_float{1e-30, 1e-25, 1e-21, 1, 1e15, 1e25, 1e30}, in_double{1e-200, 1e-25, 1e25, 1e200};
    check(float(), of_u, pm::shape<2, 2>{}, a, in_float);
    check(float(), of_vh, pm::shape<2, 2>{}, a, in_float);
    check(float(), of_u, pm::shape<3, 2>{}, tall, in_float);
    check(float(), of_vh, pm::shape<2, 3>{}, tall, in_float);
    check(double(), factors, pm::shape<2, 2>{}, a, {1});
    check(double(), of_u, pm::shape<2, 2>{}, a, in_double);
}
TEST_CASE("op: svd's vectors have no gradient where two singular values are equal, or one of a tall matrix is zero") {
    auto const status_of = []<class T, class F, class Shape>(T, F, Shape, test::numbers const& a) {
        using P = test::program_of<F, T, Shape>;
        test::arrays all = test::arguments_for(test::simplified<P>(), 0.5, 1);
        all[0] = a;
        auto const r = test::three_ways<P>(all);
        std::string said = r[0].status.ok() ? "" : r[0].status.failed;
        for (std::size_t k : {1, 2}) CHECK(said == (r[k].status.ok() ? "" : r[k].status.failed));
        if (said.empty())
            for (auto const& each : r)
                for (double const e : each.outputs.back()) CHECK(std::isfinite(e));
        return said;
    };
    std::string const equal = "svd: two singular values are equal, so their vectors have no gradient",
                      zero = "svd: a singular value is zero, so its vectors have no gradient";
    auto const of_u = [](auto a) { return std::get<0>(pm::svd(a)); };
    auto const of_vh = [](auto a) { return std::get<2>(pm::svd(a)); };
    auto const of_s = [](auto a) { return std::get<1>(pm::svd(a)); };
    test::numbers const twice{2, 0, 0, 2}, tall{2, 0, 0, 1, 0, 0}, flat{1, 0, 0, 0, 0, 0};
    for (test::numbers const& a : {twice, test::numbers{0, 0, 0, 0}, test::numbers{0, 3e-30, -3e-30, 0}}) {
        CHECK(status_of(float(), of_u, pm::shape<2, 2>{}, a) == equal);
        CHECK(status_of(double(), of_vh, pm::shape<2, 2>{}, a) == equal);
        CHECK(status_of(float(), of_s, pm::shape<2, 2>{}, a).empty());
    }
    CHECK(status_of(float(), of_u, pm::shape<3, 2>{}, tall).empty());
    CHECK(status_of(float(), of_u, pm::shape<3, 2>{}, flat) == zero);
    CHECK(status_of(float(), of_s, pm::shape<3, 2>{}, flat).empty());
}

TEST_CASE("op: svd of a matrix that is not finite fails with a sentence") {
    auto const r = test::interpret<pm::shape<2, 2>>(factors, {{1, std::numeric_limits<double>::quiet_NaN(), 0, 1}});
    REQUIRE_FALSE(r.status.ok());
    CHECK_THAT(std::string(r.status.failed), Catch::Matchers::ContainsSubstring("svd: the matrix is not finite"));
}

TEST_CASE("op: svd agrees three ways") {
    using P = test::value_program_of<decltype(rebuilt), float, pm::shape<9, 5>>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -1, 1), 1e-5);
    using D = test::value_program_of<decltype(factors), double, pm::shape<5, 9>>;
    test::expect_same_on<D>(test::arguments_for(test::simplified<D>(), -1, 1), 1e-12);
}
