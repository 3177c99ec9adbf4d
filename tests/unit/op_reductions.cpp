// Operations that join elements: reductions, products, picking, requirements. Value against a naive formula, derivative
// against finite differences. Their kernels are compared in op_kernels.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/softmax.hpp"

using m23 = pm::shape<2, 3>;
using m34 = pm::shape<3, 4>;
using t234 = pm::shape<2, 3, 4>;

TEST_CASE("op: sum and mean") {
    CHECK(test::of_counted<m34>([](auto x) { return pm::sum<0>(x); }) == test::numbers{12, 15, 18, 21});
    CHECK(test::of_counted<m34>([](auto x) { return pm::sum<1>(x); }) == test::numbers{6, 22, 38});
    CHECK(test::of_counted<t234>([](auto x) { return pm::sum<1>(x); }) ==
          test::numbers{12, 15, 18, 21, 48, 51, 54, 57});
    CHECK(test::of_counted<m34>([](auto x) { return pm::sum(x); }) == test::numbers{66});
    CHECK(test::of_counted<m34>([](auto x) { return pm::mean<-1>(x); }) == test::numbers{1.5, 5.5, 9.5});
    CHECK(test::of_counted<m34>([](auto x) { return pm::mean(x); }) == test::numbers{5.5});
    test::expect_gradient<t234>([](auto x) {
        return std::tuple{pm::sum<0>(x * x), pm::sum<1>(pm::exp(x)), pm::mean<2>(x * x), pm::mean(x * x), pm::sum(x)};
    });
}

TEST_CASE("op: reductions over several axes, and of a number") {
    CHECK(test::of_counted<t234>([](auto x) { return pm::sum<0, 2>(x); }) == test::numbers{60, 92, 124});
    CHECK(test::of_counted<t234>([](auto x) { return pm::sum<-1, -3>(x); }) == test::numbers{60, 92, 124});
    CHECK(test::of_counted<t234>([](auto x) { return pm::mean<0, 1>(x); }) == test::numbers{10, 11, 12, 13});
    CHECK(test::of_counted<t234>([](auto x) { return pm::max<1, 2>(x); }) == test::numbers{11, 23});
    CHECK(test::of_counted<pm::shape<>>([](auto x) { return pm::sum(x) + pm::max(x + 2.0); }) == test::numbers{2});
    test::expect_gradient<t234>([](auto x) {
        return std::tuple{pm::sum<0, 2>(x * x), pm::mean<0, 1>(pm::exp(x)), pm::max<1, 2>(x * x), pm::min<0, 2>(x)};
    });
}

TEST_CASE("op: min shares its gradient among ties, and keeps NaN") {
    auto const rows = [](auto x) { return pm::min<1>(x); };
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const y = test::interpret<m23>(rows, {{1, 3, 1, 0, nan, -4}}).outputs[0];
    CHECK((y[0] == 1 && std::isnan(y[1])));
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, m23>(rows)));
    CHECK(test::interpret(*g, {{1, 3, 1, -4, -5, -4}, {2, 6}}).outputs[1] == test::numbers{1, 0, 1, 0, 6, 0});
}

TEST_CASE("op: prod, with its gradient where no, one and two elements are zero") {
    auto const rows = [](auto x) { return pm::prod<1>(x); };
    CHECK(test::interpret<m23>(rows, {{1, 3, 2, -4, -5, 0}}).outputs[0] == test::numbers{6, 0});
    CHECK(test::of_counted<pm::shape<3>>([](auto x) { return pm::prod(x + 1.0); }) == test::numbers{6});
    auto const g =
        std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, pm::shape<3, 3>>(rows)));
    CHECK(test::interpret(*g, {{1, 3, 2, 0, -5, 4, 0, 0, 7}, {1, 2, 3}}).outputs[1] ==
          test::numbers{6, 2, 3, -40, 0, 0, 0, 0, 0});
    test::expect_gradient<t234>([](auto x) { return std::tuple{pm::prod<0>(x), pm::prod<1, 2>(x), pm::prod(x)}; }, 0.5,
                                2);
}

TEST_CASE("op: the gradient of prod is the product of the others, also where prod or an element does not fit") {
    double const inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    auto const rows = [](auto x) { return pm::prod<1>(x); };
    // Rows of x with their cotangent, and the gradient; `small` and `large` are near the ends of the type's range.
    auto const expect = [&]<class T>(T, double small, double large) {
        struct row {
            test::numbers x;
            double c;
            test::numbers gradient;
        };
        T const tiny = std::numeric_limits<T>::denorm_min();
        std::vector<row> const all{
            {{small, small, 2}, 1, {2 * small, 2 * small, small * small}},
            {{large, large, 0.5}, 1, {large / 2, large / 2, inf}},
            {{small, 4 * small, large}, 8, {32 * small * large, 8 * small * large, 32 * small * small}},
            {{tiny, 3, 2}, 1, {6, 2 * tiny, 3 * tiny}},
            {{large, 3, -large}, 1 / large, {-3, -large, 3}},
            {{large, large, large}, 0, {0, 0, 0}},
            {{0, 2, 3}, 5, {30, 0, 0}},
            {{0, -0.0, 3}, 5, {-0.0, 0, -0.0}},
            {{0, large, large}, 1, {inf, 0, 0}},
            {{inf, 2, -3}, 1, {-6, -inf, inf}},
            {{inf, 0, 3}, 1, {0, inf, nan}},
            {{nan, 2, 3}, 1, {6, nan, nan}},
            {{1, 2, 3}, inf, {inf, inf, inf}},
        };
        test::arrays arguments(2);
        for (row const& r : all) {
            arguments[0].insert(arguments[0].end(), r.x.begin(), r.x.end());
            arguments[1].push_back(r.c);
        }
        using P = test::program_of<decltype(rows), T, pm::shape<13, 3>>;
        for (auto const& r : test::three_ways<P>(arguments)) {
            REQUIRE(r.status.ok());
            for (std::size_t i = 0; i < 39; ++i) {
                double const right = static_cast<T>(all[i / 3].gradient[i % 3]), got = static_cast<T>(r.outputs[1][i]);
                INFO("row " << i / 3 << ", element " << i % 3 << ": " << got << ", expected " << right);
                CHECK((got == right || (std::isnan(got) && std::isnan(right)) ||
                       std::abs(got - right) <= 4 * std::numeric_limits<T>::epsilon() * std::abs(right)));
                if (right == 0) CHECK(std::signbit(got) == std::signbit(right));
            }
        }
    };
    expect(float{}, 0x1p-100, 0x1p100);
    expect(double{}, 0x1p-600, 0x1p600);
}

TEST_CASE("op: norms of order 1, 2 and infinity; at zero their gradient is zero") {
    auto const norms = [](auto x) {
        return std::tuple{pm::norm<1, 1>(x), pm::norm<2, 1>(x), pm::norm<pm::infinity, 1>(x), pm::norm(x)};
    };
    auto const y = test::interpret<m23>(norms, {{2, -3, 6, 0, 0, 0}}).outputs;
    CHECK(y[0] == test::numbers{11, 0});
    CHECK(y[1] == test::numbers{7, 0});
    CHECK(y[2] == test::numbers{6, 0});
    CHECK(y[3] == test::numbers{7});
    auto const g = std::make_unique<pm::ir::graph>(
        pm::ir::simplify(test::trace_gradient<double, m23>([](auto x) { return pm::norm<2, 1>(x); })));
    CHECK(test::interpret(*g, {{2, -3, 6, 0, 0, 0}, {7, 1}}).outputs[1] == test::numbers{2, -3, 6, 0, 0, 0});
    test::expect_gradient<t234>([](auto x) {
        return std::tuple{pm::norm<2, 0, 2>(x), pm::norm<1>(x), pm::norm<pm::infinity, 1>(x), pm::norm(x)};
    });
}

TEST_CASE("op: max shares its gradient among ties, and keeps NaN") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const rows = [](auto x) { return pm::max<1>(x); };
    CHECK(test::interpret<m23>(rows, {{1, 3, 2, -4, -5, -4}}).outputs[0] == test::numbers{3, -4});
    CHECK(test::interpret<m23>([](auto x) { return pm::max(x); }, {{1, 3, 2, -4, -5, -4}}).outputs[0] ==
          test::numbers{3});
    auto const with_nan = test::interpret<m23>(rows, {{1, nan, 2, nan, 0, 0}}).outputs[0];
    CHECK((std::isnan(with_nan[0]) && std::isnan(with_nan[1])));
    auto const cotangents = [nan](auto const& f) {
        auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, m23>(f)));
        return test::interpret(*g, {{1, nan, 2, 4, 0, 4}, {nan, 6}}).outputs[1];
    };
    auto const of_max = cotangents(rows), of_min = cotangents([](auto x) { return pm::min<1>(x); });
    for (std::size_t i = 0; i < 3; ++i) CHECK((std::isnan(of_max[i]) && std::isnan(of_min[i])));
    CHECK((of_max[3] == 3 && of_max[4] == 0 && of_max[5] == 3));
    CHECK((of_min[3] == 0 && of_min[4] == 6 && of_min[5] == 0));
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, m23>(rows)));
    CHECK(test::interpret(*g, {{1, 3, 2, -4, -5, -4}, {1, 6}}).outputs[1] == test::numbers{0, 1, 0, 3, 0, 3});
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::max<0>(x), pm::max<1>(x * x), pm::max<2>(pm::exp(x))}; });
}

TEST_CASE("op: reduce_to, the adjoint of broadcasting, and its own adjoint") {
    auto const to = [](auto x) { return pm::apply<pm::op::reduce_to, pm::attributes{{2, 1, -1, -1}}>(x); };
    CHECK(test::interpret<m23>(
              [](auto x) {
                  return pm::symbol<pm::shape<2, 1>, double>{
                      x.traced, push_with<pm::op::reduce_to>(*x.traced, pm::attributes{{2, 1, -1, -1}}, x.id)};
              },
              {test::counted(6)})
              .outputs[0] == test::numbers{3, 12});
    test::expect_gradient<m23>([=](auto x) { return to(x * x); });
}

TEST_CASE("op: matmul, of matrices and vectors, transposed or not") {
    auto const f = [](auto a, auto b) { return pm::matmul(a, b); };
    CHECK(test::interpret<m23, pm::shape<3, 2>>(f, {{1, 2, 3, 4, 5, 6}, {1, 0, 2, 1, 0, 3}}).outputs[0] ==
          test::numbers{5, 11, 14, 23});
    CHECK(test::interpret<pm::shape<3>, pm::shape<3, 2>>(f, {{1, 2, 3}, {1, 0, 2, 1, 0, 3}}).outputs[0] ==
          test::numbers{5, 11});
    CHECK(test::interpret<m23, pm::shape<3>>(f, {{1, 2, 3, 4, 5, 6}, {1, 0, 2}}).outputs[0] == test::numbers{7, 16});
    CHECK(test::interpret<pm::shape<3>, pm::shape<3>>(f, {{1, 2, 3}, {1, 0, 2}}).outputs[0] == test::numbers{7});
    test::expect_gradient<m23, m34>(f);
    test::expect_gradient<m23, m23>(
        [](auto a, auto b) { return std::tuple{pm::matmul(a, pm::transpose(b)), pm::matmul(pm::transpose(a), b)}; });
    test::expect_gradient<m34, m23>([](auto a, auto b) { return pm::matmul(pm::transpose(a), pm::transpose(b)); });
    test::expect_gradient<pm::shape<3>, m34>(f);
    test::expect_gradient<m34, pm::shape<4>>(f);
}

TEST_CASE("op: log_softmax, with large arguments, along each axis") {
    auto const rows = [](auto x) { return pm::log_softmax(x); };
    auto const y = test::interpret<m23>(rows, {{1, 2, 3, 1000, 1000, -1000}}).outputs[0];
    double const total = std::log(std::exp(1) + std::exp(2) + std::exp(3));
    test::numbers const expected{1 - total, 2 - total, 3 - total, -std::log(2), -std::log(2), -2000 - std::log(2)};
    CHECK(test::close(y, expected, 1e-15));
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::log_softmax<0>(x), pm::log_softmax<1>(x), pm::log_softmax<2>(x)}; });
}

TEST_CASE("op: softmax and logsumexp, with large and infinite arguments") {
    double const infinite = std::numeric_limits<double>::infinity();
    auto const y =
        test::interpret<m23>([](auto x) { return pm::softmax(x); }, {{1, 2, 3, 1000, 1000, -1000}}).outputs[0];
    double const total = std::exp(1) + std::exp(2) + std::exp(3);
    CHECK(test::close(y, {std::exp(1) / total, std::exp(2) / total, std::exp(3) / total, 0.5, 0.5, 0}, 1e-15));
    auto const rows = [](auto x) { return pm::logsumexp<1>(x); };
    auto const z = test::interpret<pm::shape<3, 2>>(rows, {{1000, 1000, -infinite, -infinite, infinite, 1}}).outputs[0];
    CHECK(test::close({z[0]}, {1000 + std::log(2)}, 1e-15));
    CHECK((z[1] == -infinite && z[2] == infinite));
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::softmax<0>(x), pm::softmax(x), pm::logsumexp<0, 2>(x), pm::logsumexp(x)}; });
}

TEST_CASE("op: the gradient of logsumexp where the maximum is infinite") {
    double const inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    using P = test::program_of<decltype([](auto x) { return pm::logsumexp<1>(x); }), float, pm::shape<8, 3>>;
    test::arrays const arguments{{-inf, -inf, -inf, -inf, 1,     1,    inf, 1, 2, inf,  -inf, inf,
                                  1e30, 1,    -inf, 3e38, -3e38, 3e38, nan, 1, 2, -inf, 5,    -inf},
                                 {1, 2, 3, 4, 5, 6, 7, 8}};
    test::numbers const value{-inf, 1 + std::log(2), inf, inf, 1e30f, 3e38f, nan, 5},
        gradient{0, 0, 0, 0, 1, 1, 3, 0, 0, 2, 0, 2, 5, 0, 0, 3, 0, 3, nan, nan, nan, 0, 8, 0};
    for (auto const& r : test::three_ways<P>(arguments)) {
        REQUIRE(r.status.ok());
        for (std::size_t k = 0; k < 8; ++k)
            CHECK((r.outputs[0][k] == value[k] || (std::isnan(value[k]) && std::isnan(r.outputs[0][k])) ||
                   std::abs(r.outputs[0][k] / value[k] - 1) < 1e-6));
        CHECK(test::close(r.outputs[1], gradient, 1e-6));
    }
}

TEST_CASE("op: pick and one_hot; labels out of range fail with a sentence") {
    using two = test::labels<pm::shape<2>>;
    auto const f = [](auto x, auto t) { return pm::pick(x, t); };
    CHECK(test::interpret<m23, two>(f, {{1, 2, 3, 4, 5, 6}, {2, 0}}).outputs[0] == test::numbers{3, 4});
    for (double bad : {-1.0, 3.0}) {
        auto const r = test::interpret<m23, two>(f, {{1, 2, 3, 4, 5, 6}, {0, bad}});
        REQUIRE_FALSE(r.status.ok());
        CHECK_THAT(std::string(r.status.failed),
                   Catch::Matchers::ContainsSubstring("pick: a label lies outside [0, 3)"));
    }
    test::expect_gradient<m23, two>([](auto x, auto t) { return pm::pick(x * x, t); });
}

TEST_CASE("op: require passes its value, or fails with its sentence") {
    auto const f = [](auto x) { return pm::require(x * x, x > 0, "x must be positive"); };
    CHECK(test::interpret<pm::shape<2>>(f, {{1, 2}}).outputs[0] == test::numbers{1, 4});
    for (double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
        CHECK(test::interpret<pm::shape<2>>(f, {{1, bad}}).status.failed == std::string("x must be positive"));
    test::expect_gradient<pm::shape<2>>(f, 0.5, 2);
}

TEST_CASE("op: a product fits wherever its value does") {
    constexpr auto whole = [](auto x) { return pm::prod(x); };
    constexpr auto rows = [](auto x) { return pm::prod<1>(x); };
    constexpr auto columns = [](auto x) { return pm::prod<0>(x); };
    double const none = std::numeric_limits<double>::infinity(), unknown = std::numeric_limits<double>::quiet_NaN();
    // A row of n elements: two large, two small, 3, and ones.
    auto const row = [](int n, double large) {
        test::numbers x(std::size_t(n), 1);
        x[0] = x[std::size_t(n) / 3] = large;
        x[std::size_t(n) / 2] = x[std::size_t(n) - 1] = 1 / large;
        x[std::size_t(n) - 2] *= -3;
        return x;
    };
    auto const check = [&]<class F, class Shape>(F const&, Shape, test::numbers const& x, test::numbers const& right) {
        using P = test::value_program_of<F, float, Shape>;
        for (auto const& r : test::three_ways<P>({x})) {
            REQUIRE(r.status.ok());
            for (std::size_t i = 0; i < right.size(); ++i) {
                double const got = r.outputs[0][i], e = right[i];
                INFO("element " << i << ": " << got << " for " << e);
                CHECK((got == e || std::abs(got - e) <= 2e-6 * std::abs(e) || (got != got && e != e)));
            }
        }
    };
    check(whole, pm::shape<4>{}, {1e30, 1e30, 1e-30, 1e-30}, {1});
    check(whole, pm::shape<4>{}, {1e-30, 1e-30, 1e30, -1e30}, {-1});
    check(whole, pm::shape<1>{}, {1e-45}, {float(1e-45)});
    check(whole, pm::shape<37>{}, row(37, 1e30), {-3});
    check(whole, pm::shape<4099>{}, row(4099, 1e-30), {-3});
    for (double const large : {1e30, 1e-30}) {
        test::numbers x, turned(3 * 40);
        for (int i = 0; i < 3; ++i)
            for (double const e : row(40, large)) x.push_back(e);
        x[40] = 0;
        x[80] = none;
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 40; ++j) turned[j * 3 + i] = x[i * 40 + j];
        test::numbers const right{-3, large > 1 ? 0. : -0., -none};
        check(rows, pm::shape<3, 40>{}, x, right);
        check(columns, pm::shape<40, 3>{}, turned, right);
    }
    check(rows, pm::shape<3, 2>{}, {0, none, 0, 3, unknown, 0}, {unknown, 0, unknown});
    check(rows, pm::shape<2, 1>{}, {1e-42, 3e38}, {float(1e-42), float(3e38)});
}
