// matrix_exp: closed forms, its functional equations, derivative against finite differences, statuses, and interpreter
// against kernels; of any matrix and of skew ones.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/param/skew.hpp"

namespace {

constexpr auto of_any = [](auto a) { return pm::matrix_exp(a); };
constexpr auto of_skew = [](auto x) { return pm::matrix_exp<pm::matrix_kind::skew>(pm::param::skew::forward(x)); };
constexpr auto said_skew = [](auto a) { return pm::matrix_exp<pm::matrix_kind::skew>(a); };
// A rotation by the skew algorithm and by the other; and that it is orthogonal.
constexpr auto both_ways = [](auto x) {
    auto const a = pm::param::skew::forward(x);
    auto const q = pm::matrix_exp<pm::matrix_kind::skew>(a);
    return std::tuple{q - pm::matrix_exp(a), pm::matmul(q, pm::transpose(q))};
};
constexpr auto undone = [](auto a) { return pm::matmul(pm::matrix_exp(a), pm::matrix_exp(-1.0 * a)); };

test::numbers identity(std::size_t n) {
    test::numbers x(n * n);
    for (std::size_t i = 0; i < n; ++i) x[i * n + i] = 1;
    return x;
}
test::numbers small(int n, double size) {
    pm::random source{5};
    return pm::testing::drawn(source, n, -size, size);
}

}  // namespace

TEST_CASE("op: matrix_exp in closed form") {
    CHECK(test::close(test::interpret<pm::shape<1, 1>>(of_any, {{2}}).outputs[0], {std::exp(2.0)}, 1e-14));
    CHECK(test::close(test::interpret<pm::shape<2, 2>>(of_any, {{0, 3, 0, 0}}).outputs[0], {1, 3, 0, 1}, 1e-15));
    CHECK(test::close(test::interpret<pm::shape<2, 2>>(of_any, {{1, 1e6, 0, -1}}).outputs[0],
                      {std::exp(1.0), 1e6 * std::sinh(1.0), 0, std::exp(-1.0)}, 1e-14));
    for (double angle : {0.0, 1e-9, 0.3, 3.0, 40.0, 1000.0}) {
        test::numbers const turned{std::cos(angle), std::sin(angle), -std::sin(angle), std::cos(angle)};
        double const tolerance = 1e-14 * std::max(1.0, angle);
        CHECK(test::close(test::interpret<pm::shape<2, 2>>(of_skew, {{0, angle, 0, 0}}).outputs[0], turned, tolerance));
        CHECK(test::close(test::interpret<pm::shape<2, 2>>(of_any, {{0, angle, -angle, 0}}).outputs[0], turned,
                          tolerance));
    }
}
TEST_CASE("op: matrix_exp is undone by that of the opposite, and skew matrices make rotations") {
    CHECK(test::close(test::interpret<pm::shape<5, 5>>(undone, {small(25, 1)}).outputs[0], identity(5), 1e-12));
    for (double size : {0.01, 1.0, 9.0}) {
        auto const y = test::interpret<pm::shape<5, 5>>(both_ways, {small(25, size)}).outputs;
        CHECK(test::close(y[0], test::numbers(25), 1e-13 * std::max(1.0, size)));
        CHECK(test::close(y[1], identity(5), 1e-13 * std::max(1.0, size)));
    }
}
TEST_CASE("op: matrix_exp's gradient, without squarings, with some, and with more than are kept") {
    for (double size : {0.05, 0.6, 2.0}) {
        CHECK(test::gradient_is_right<pm::shape<3, 3>>(of_any, {small(9, size)}));
        CHECK(test::gradient_is_right<pm::shape<4, 4>>(of_skew, {small(16, size)}));
    }
    CHECK(test::gradient_is_right<pm::shape<4, 4>>(of_skew, {small(16, 20)}));
    CHECK(test::gradient_is_right<pm::shape<2, 2>>(of_any, {{1, 11, -11, 0.5}}));
}
TEST_CASE("op: matrix_exp's gradient where it is nearly as large as numbers can be") {
    // Of the sum of all elements, at diag(a, b): e^a, e^b and (e^a - e^b) / (a - b).
    auto const check = []<class T>(T, double a, double b) {
        using P = test::program_of<decltype(of_any), T, pm::shape<2, 2>>;
        double const beside = (std::exp(a) - std::exp(b)) / (a - b);
        for (auto const& r : {test::run_kernel<P, pm::simd::best<T>>({{a, 0, 0, b}, {1, 1, 1, 1}}),
                              test::run_kernel<P, T>({{a, 0, 0, b}, {1, 1, 1, 1}})}) {
            REQUIRE(r.status.ok());
            test::numbers const expected{std::exp(a), beside, beside, std::exp(b)};
            for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(r.outputs[1][i] / expected[i] - 1) < 1e-4);
        }
    };
    check(float(), 84, 1);
    check(float(), 80, 0.5);
    check(double(), 704, 1);
}

TEST_CASE("op: matrix_exp refuses what is not finite, and what is not skew") {
    std::string const sentence =
        "matrix_exp: the matrix is not finite or too large, or it was said to be skew and is not";
    auto const fails = [&](auto const& f, test::numbers const& a) {
        auto const r = test::interpret<pm::shape<2, 2>>(f, {a});
        REQUIRE_FALSE(r.status.ok());
        CHECK(r.status.failed == sentence);
        using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, float, pm::shape<2, 2>>;
        CHECK_FALSE(test::run_kernel<P, pm::simd::best<float>>({a}).status.ok());
        CHECK_FALSE(test::run_kernel<P, float>({a}).status.ok());
    };
    fails(of_any, {1, std::numeric_limits<double>::quiet_NaN(), 0, 1});
    fails(of_any, {1, 0, std::numeric_limits<double>::infinity(), 1});
    fails(of_any, {1000, 0, 0, 1});
    fails(said_skew, {0, 1, 1, 0});
    fails(said_skew, {1, 1, -1, 0});
    fails(said_skew, {0, std::numeric_limits<double>::infinity(), 0, 0});
}
TEST_CASE("op: matrix_exp agrees three ways, with its gradient") {
    test::expect_agreement<float, pm::shape<5, 5>>(of_any, -1, 1);
    test::expect_agreement<double, pm::shape<7, 7>>(of_any, -0.2, 0.2);
    test::expect_agreement<double, pm::shape<9, 9>>(of_skew, -0.5, 0.5);
    using P = test::program_of<decltype(of_skew), float, pm::shape<45, 45>>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -0.4, 0.4), 1e-5);
}
