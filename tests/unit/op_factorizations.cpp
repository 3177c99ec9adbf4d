// lu, qr, householder_product and eigh, and svd of a single row or column: value by their defining equations,
// derivative against finite differences, statuses, and interpreter against kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

constexpr auto lu_of = [](auto a) { return pm::lu(a); };
constexpr auto lu_residual = [](auto a) {
    auto const [p, l, u] = pm::lu(a);
    return std::tuple{pm::matmul(p, pm::matmul(l, u)) - a, pm::triu<1>(l), pm::tril<-1>(u), pm::diagonal(l),
                      pm::matmul(p, pm::transpose(p))};
};
constexpr auto qr_of = [](auto a) { return pm::qr(a); };
constexpr auto r_of = [](auto a) { return std::get<1>(pm::qr(a)); };
constexpr auto q_of = [](auto a) { return std::get<0>(pm::qr(a)); };
constexpr auto qr_residual = [](auto a) {
    auto const [q, r] = pm::qr(a);
    return std::tuple{pm::matmul(q, r) - a, pm::matmul(pm::transpose(q), q), pm::tril<-1>(r)};
};
constexpr auto reflections = [](auto a, auto tau) { return pm::householder_product(a, tau); };
constexpr auto symmetric = [](auto a) { return pm::tril(a) + pm::transpose(pm::tril<-1>(a)); };
constexpr auto eigh_of = [](auto a) { return pm::eigh(symmetric(a)); };
constexpr auto eigh_residual = [](auto a) {
    auto const [w, v] = pm::eigh(a);
    return std::tuple{pm::matmul(v * w, pm::transpose(v)) - symmetric(a), pm::matmul(pm::transpose(v), v), w};
};
constexpr auto svd_of = [](auto a) { return pm::svd(a); };

test::numbers identity(std::size_t n) {
    test::numbers x(n * n);
    for (std::size_t i = 0; i < n; ++i) x[i * n + i] = 1;
    return x;
}
test::numbers small(int n) {
    pm::random source{9};
    return pm::testing::drawn(source, n);
}
double const none = std::numeric_limits<double>::quiet_NaN();

template <class T, class... Input>
void expect_same(auto const& f, double tolerance) {
    using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, T, Input...>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -1, 1), tolerance);
}

}  // namespace

TEST_CASE("op: lu") {
    auto const y = test::interpret<pm::shape<4, 4>>(lu_residual, {small(16)}).outputs;
    CHECK(test::close(y[0], test::numbers(16), 1e-15));
    CHECK((y[1] == test::numbers(16) && y[2] == test::numbers(16) && y[3] == test::numbers(4, 1)));
    CHECK(y[4] == identity(4));
    CHECK(test::gradient_is_right<pm::shape<4, 4>>(lu_of, {small(16)}));
    CHECK(test::gradient_is_right<pm::shape<3, 3>>(lu_of, {{0.5, 2, 1, 4, -1, 3, 1, 0.5, -2}}));
    test::expect_failure<pm::shape<2, 2>>(lu_of, {1, 2, 2, 4}, "lu: the matrix is singular or not finite");
    expect_same<float, pm::shape<9, 9>>(lu_of, 1e-5);
    expect_same<double, pm::shape<5, 5>>(lu_of, 1e-13);
}

TEST_CASE("op: qr of tall, square and wide matrices") {
    auto const check = [](auto shape, std::size_t k) {
        using Shape = decltype(shape);
        auto const y = test::interpret<Shape>(qr_residual, {small(Shape::size)}).outputs;
        CHECK(test::close(y[0], test::numbers(Shape::size), 1e-14));
        CHECK(test::close(y[1], identity(k), 1e-14));
        CHECK(y[2] == test::numbers(y[2].size()));
        CHECK(test::gradient_is_right<Shape>(qr_of, {small(Shape::size)}));
        CHECK(test::gradient_is_right<Shape>(r_of, {small(Shape::size)}));
        CHECK(test::gradient_is_right<Shape>(q_of, {small(Shape::size)}));
    };
    check(pm::shape<4, 4>{}, 4);
    check(pm::shape<5, 3>{}, 3);
    check(pm::shape<3, 5>{}, 3);
    check(pm::shape<1, 3>{}, 1);
    check(pm::shape<3, 1>{}, 1);
    // LAPACK's signs: what was reflected changes its sign, what was not keeps it; entries may be huge.
    CHECK(test::close(test::interpret<pm::shape<2, 2>>(r_of, {{3, 1, 4, 2}}).outputs[0], {-5, -2.2, 0, 0.4}, 1e-15));
    CHECK(test::interpret<pm::shape<2, 2>>(r_of, {{-3, 1, 0, -2}}).outputs[0] == test::numbers{-3, 1, 0, -2});
    CHECK(test::close(test::interpret<pm::shape<2, 1>>(r_of, {{3e200, 4e200}}).outputs[0], {-5e200}, 1e-15));
    test::expect_failure<pm::shape<2, 3>>(qr_of, {1, 2, none, 4, 5, 6}, "qr: the matrix is not finite");
    expect_same<float, pm::shape<19, 9>>(qr_of, 1e-5);
    expect_same<double, pm::shape<5, 11>>(qr_of, 1e-13);
}

TEST_CASE("op: qr and householder_product near the ends of the range, and where the gradient of qr does not exist") {
    using P = test::program_of<std::remove_cvref_t<decltype(qr_of)>, float, pm::shape<3, 3>>;
    test::numbers const a{1, 2, 3, 4, 5, -6, 7, -8, 1}, ones(9, 1);
    auto const at = [&](test::numbers x, double scale) {
        for (double& e : x) e *= scale;
        return test::three_ways<P>({x, ones, test::numbers(9)});
    };
    auto const right = test::interpret<pm::shape<3, 3>>(qr_of, {a}).outputs;
    auto const slopes = test::interpret(pm::compiled<P>::simplified, {a, ones, test::numbers(9)}).outputs[2];
    for (double s : {1e-30, 1e-20, 1e20, 1e30, 3e37})
        for (auto const& r : at(a, s)) {
            REQUIRE(r.status.ok());
            CHECK(test::close(r.outputs[0], right[0], 1e-6));
            test::numbers factor = r.outputs[1], slope = r.outputs[2];
            for (double& e : factor) e /= s;
            for (double& e : slope) e *= s;
            CHECK(test::close(factor, right[1], 1e-6));
            CHECK(test::close(slope, slopes, 1e-5));
        }
    // The second and the third column are multiples of the first, but for rounding.
    for (double s : {1.0, 1e-30, 1e30}) {
        auto const dependent = at({0.1, 0.3, 0.7, 0.1, 0.3, 0.7, 0.1, 0.3, 0.7}, s);
        for (auto const& r : dependent) {
            REQUIRE_FALSE(r.status.ok());
            CHECK_THAT(std::string(r.status.failed), Catch::Matchers::ContainsSubstring("the gradient of qr"));
        }
    }
    // I - tau v v^T with tau |v|^2 = 2, where |v|^2 overflows: dq/dtau = -v v^T.
    using H = test::program_of<std::remove_cvref_t<decltype(reflections)>, float, pm::shape<2, 1>, pm::shape<1>>;
    for (auto const& r : test::three_ways<H>({{0, 0x1p66}, {0x1p-131}, {0, 1}})) {
        REQUIRE(r.status.ok());
        CHECK(r.outputs[0] == test::numbers{1, -0x1p-65});
        CHECK(r.outputs[1] == test::numbers{0, -0x1p-131});
        CHECK(r.outputs[2] == test::numbers{-0x1p66});
    }
}

TEST_CASE("op: householder_product") {
    // Of what qr leaves behind it is q.
    auto const y = test::interpret<pm::shape<2, 2>, pm::shape<1>>(reflections, {{7, 7, 0.5, 7}, {1.6}}).outputs[0];
    CHECK(test::close(y, {-0.6, -0.8, -0.8, 0.6}, 1e-15));
    CHECK(test::gradient_is_right<pm::shape<4, 3>, pm::shape<2>>(reflections, {small(12), {0.7, 1.2}}));
    CHECK(test::gradient_is_right<pm::shape<3, 3>, pm::shape<3>>(reflections, {small(9), {0.7, 1.2, 2}}));
    auto const g = std::make_unique<pm::ir::graph>(
        pm::ir::simplify(test::trace_gradient<double, pm::shape<2, 1>, pm::shape<1>>(reflections)));
    auto const failed = test::interpret(*g, {{0, 1}, {0.5}, {1, 1}}).status.failed;
    CHECK_THAT(std::string(failed ? failed : ""), Catch::Matchers::ContainsSubstring("a reflection is singular"));
    using P = test::program_of<decltype(reflections), float, pm::shape<13, 9>, pm::shape<5>>;
    auto arguments = test::arguments_for(test::simplified<P>(), 0.1, 0.3);
    test::expect_same_on<P>(arguments, 1e-5);
}

TEST_CASE("op: eigh") {
    auto const y = test::interpret<pm::shape<5, 5>>(eigh_residual, {small(25)}).outputs;
    CHECK(test::close(y[0], test::numbers(25), 1e-14));
    CHECK(test::close(y[1], identity(5), 1e-14));
    CHECK(std::is_sorted(y[2].begin(), y[2].end()));
    CHECK(test::interpret<pm::shape<2, 2>>(eigh_residual, {{2, none, 0, 1}}).outputs[2] == test::numbers{1, 2});
    CHECK(test::interpret<pm::shape<3, 3>>(eigh_residual, {test::numbers(9)}).outputs[2] == test::numbers(3));
    CHECK(test::gradient_is_right<pm::shape<4, 4>>(eigh_of, {small(16)}));
    CHECK(test::gradient_is_right<pm::shape<1, 1>>(eigh_of, {{3}}));
    CHECK(test::gradient_is_right<pm::shape<3, 3>>([](auto a) { return std::get<0>(eigh_of(a)); }, {small(9)}));
    test::expect_failure<pm::shape<2, 2>>(eigh_of, {1, 0, none, 1},
                                          "eigh: the matrix is not finite, or the iteration did not converge");
    auto const g =
        std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, pm::shape<2, 2>>(eigh_of)));
    auto const failed = test::interpret(*g, {{1, 0, 0, 1}, {1, 1}, {1, 1, 1, 1}}).status.failed;
    CHECK(std::string(failed ? failed : "") ==
          "eigh: two eigenvalues are equal, so their eigenvectors have no gradient");
    expect_same<float, pm::shape<9, 9>>(eigh_of, 1e-5);
    expect_same<double, pm::shape<17, 17>>(eigh_of, 1e-12);
}

TEST_CASE("op: svd of a row, a column, and any other shape") {
    auto const row = test::interpret<pm::shape<1, 3>>(svd_of, {{2, -1, 2}}).outputs;
    CHECK((row[0] == test::numbers{1} && test::close(row[1], {3}, 1e-15)));
    CHECK(test::close(row[2], {2.0 / 3, -1.0 / 3, 2.0 / 3}, 1e-15));
    auto const column = test::interpret<pm::shape<3, 1>>(svd_of, {{1, -2, 2}}).outputs;
    CHECK(test::close(column[1], {3}, 1e-15));
    CHECK(test::close(column[2], {-1}, 1e-15));
    CHECK(test::gradient_is_right<pm::shape<1, 3>>(svd_of, {{2, -1, 0.5}}));
    CHECK(test::gradient_is_right<pm::shape<3, 1>>(svd_of, {{2, -1, 0.5}}));
    CHECK(test::gradient_is_right<pm::shape<5, 2>>(svd_of, {{2, 0.5, -0.25, 0.125, -1, 0.75, 0.5, 1.25, 0.5, -0.75}}));
}
