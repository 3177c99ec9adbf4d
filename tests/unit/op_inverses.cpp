// inverse, triangular_solve, cholesky, det and slogdet: value by their defining equations, derivative against finite
// differences, statuses, and interpreter against kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/triangle.hpp"

namespace {

// A matrix far from singular, from any small one.
template <int N>
constexpr auto regular = [](auto a) { return a + 4.0 * (a * 0.0 + pm::identity<N>()); };
template <int N>
constexpr auto inverse_of = [](auto a) { return pm::inverse(regular<N>(a)); };
template <int N>
constexpr auto definite_inverse_of = [](auto a) { return pm::inverse<pm::pivoting::when_needed>(regular<N>(a)); };
template <int N>
constexpr auto round_trip = [](auto a) {
    auto const b = regular<N>(a);
    return std::tuple{pm::matmul(b, pm::inverse(b)), pm::matmul(b, pm::inverse<pm::pivoting::when_needed>(b))};
};
constexpr auto any_inverse = [](auto a) { return pm::inverse(a); };
constexpr auto tried_inverse = [](auto a) { return pm::inverse<pm::pivoting::when_needed>(a); };

template <pm::triangular Options, int N>
constexpr auto solved = [](auto a, auto b) { return pm::triangular_solve<Options>(regular<N>(a), b); };
template <pm::triangular Options, int N>
constexpr auto residual = [](auto a, auto b) {
    auto const m = regular<N>(a);
    auto const x = pm::triangular_solve<Options>(m, b);
    auto const t = [&] {
        constexpr auto eye = pm::identity<N>();
        if constexpr (Options.unit && Options.upper)
            return pm::triu<1>(m) + eye;
        else if constexpr (Options.unit)
            return pm::tril<-1>(m) + eye;
        else if constexpr (Options.upper)
            return pm::triu(m);
        else
            return pm::tril(m);
    }();
    if constexpr (Options.transposed)
        return pm::matmul(pm::transpose(t), x) - b;
    else
        return pm::matmul(t, x) - b;
};

template <int N>
constexpr auto definite = [](auto a) { return pm::matmul(a, pm::transpose(a)) + 0.5 * (a * 0.0 + pm::identity<N>()); };
template <int N>
constexpr auto factor = [](auto a) { return pm::cholesky(definite<N>(a)); };
template <int N>
constexpr auto rebuilt = [](auto a) {
    auto const m = definite<N>(a);
    auto const l = pm::cholesky(m);
    return std::tuple{pm::matmul(l, pm::transpose(l)) - m, pm::triu<1>(l)};
};
constexpr auto plain_cholesky = [](auto a) { return pm::cholesky(a); };

constexpr auto determinants = [](auto a) {
    auto const [sign, logarithm] = pm::slogdet(a);
    return std::tuple{pm::det(a), sign, logarithm};
};
constexpr auto just_det = [](auto a) { return pm::det(a); };
constexpr auto just_log = [](auto a) { return pm::logabsdet(a); };

double const infinity = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

test::numbers small(int n, double size = 1) {
    pm::random source{3};
    return pm::testing::drawn(source, n, -size, size);
}

}  // namespace

TEST_CASE("op: inverse, with pivoting and without") {
    test::numbers eye(25);
    for (std::size_t i = 0; i < 25; i += 6) eye[i] = 1;
    auto const y = test::interpret<pm::shape<5, 5>>(round_trip<5>, {small(25)}).outputs;
    CHECK(test::close(y[0], eye, 1e-14));
    CHECK(test::close(y[1], eye, 1e-14));
    CHECK(test::interpret<pm::shape<1, 1>>(any_inverse, {{4}}).outputs[0] == test::numbers{0.25});
    // No pivot is found without an exchange, or one that is too large: pivoting takes over.
    CHECK(test::interpret<pm::shape<2, 2>>(tried_inverse, {{0, 2, 4, 0}}).outputs[0] == test::numbers{0, 0.25, 0.5, 0});
    auto const far = test::interpret<pm::shape<2, 2>>(tried_inverse, {{1, 1e9, -1e9, 1}}).outputs[0];
    CHECK(test::close(far, {1e-18, -1e-9, 1e-9, 1e-18}, 1e-24));
    test::expect_gradient<pm::shape<4, 4>>(inverse_of<4>, -1, 1);
    test::expect_gradient<pm::shape<3, 3>>(definite_inverse_of<3>, -1, 1);
}
TEST_CASE("op: inverse of a singular or infinite matrix fails with a sentence") {
    for (test::numbers const& a :
         {test::numbers{1, 2, 2, 4}, test::numbers{0, 0, 0, 0}, test::numbers{1, infinity, 0, 1},
          test::numbers{none, 0, 0, 1}, test::numbers{1, 0, none, 1}}) {
        test::expect_failure<pm::shape<2, 2>>(any_inverse, a, "inverse: the matrix is singular or not finite");
        test::expect_failure<pm::shape<2, 2>>(tried_inverse, a, "inverse: the matrix is singular or not finite");
    }
}
TEST_CASE("op: a matrix of subnormal numbers: solved, and refused where its inverse does not fit") {
    auto const invert = [](auto a) { return pm::inverse(a); };
    auto const solve = [](auto a) { return pm::solve(a, pm::tril(a)); };
    auto const substitute = [](auto a) { return pm::triangular_solve(a, pm::tril(a)); };
    auto const run = []<class T>(auto const& f, T, double size) {
        using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, T, pm::shape<2, 2>>;
        test::arrays const a{{2 * size, size, size, 3 * size}};
        return std::vector{test::run_kernel<P, pm::simd::best<T>>(a), test::run_kernel<P, T>(a)};
    };
    auto const check = [&]<class T>(T of, double size) {
        for (auto const& r : run(invert, of, size)) {
            CHECK_FALSE(r.status.ok());
            CHECK(std::string(r.status.failed) == "inverse: the matrix is singular or not finite");
        }
        for (auto const& r : run(solve, of, size)) {
            CHECK(r.status.ok());
            CHECK(test::close(r.outputs[0], {1, -0.6, 0, 1.2}, 1e-5));
        }
        for (auto const& r : run(substitute, of, size)) CHECK(test::close(r.outputs[0], {1, 0, 0, 1}, 1e-5));
    };
    check(float(), 1e-39);
    check(double(), 1e-312);
    test::expect_failure<pm::shape<2, 2>>(invert, {2e-312, 0, 0, 1e-312},
                                          "inverse: the matrix is singular or not finite");
}
TEST_CASE("op: inverse agrees three ways, with its gradient") {
    test::expect_agreement<float, pm::shape<5, 5>>(inverse_of<5>, -1, 1);
    test::expect_agreement<double, pm::shape<9, 9>>(definite_inverse_of<9>, -1, 1);
    test::expect_agreement<float, pm::shape<37, 37>>(definite_inverse_of<37>, -0.2, 0.2);
}

TEST_CASE("op: triangular_solve of either triangle, transposed, with ones on the diagonal") {
    auto const check = [](auto const& f) {
        CHECK(test::close(test::interpret<pm::shape<4, 4>, pm::shape<4, 3>>(f, {small(16), small(12)}).outputs[0],
                          test::numbers(12), 1e-13));
    };
    check(residual<pm::triangular{}, 4>);
    check(residual<pm::triangular{.upper = true}, 4>);
    check(residual<pm::triangular{.transposed = true}, 4>);
    check(residual<pm::triangular{.upper = true, .transposed = true}, 4>);
    check(residual<pm::triangular{.unit = true}, 4>);
    check(residual<pm::triangular{.upper = true, .transposed = true, .unit = true}, 4>);
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3, 2>>(solved<pm::triangular{}, 3>, -1, 1);
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3>>(solved<pm::triangular{.upper = true}, 3>, -1, 1);
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3, 2>>(solved<pm::triangular{.transposed = true}, 3>, -1, 1);
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3, 2>>(
        solved<pm::triangular{.upper = true, .transposed = true, .unit = true}, 3>, -1, 1);
}
TEST_CASE("op: triangular_solve reads its triangle alone, and says what is wrong in it") {
    auto const lower = [](auto a) { return pm::triangular_solve(a, pm::identity<2>()); };
    auto const unit = [](auto a) { return pm::triangular_solve<pm::triangular{.unit = true}>(a, pm::identity<2>()); };
    CHECK(test::interpret<pm::shape<2, 2>>(lower, {{2, none, 1, 4}}).outputs[0] == test::numbers{0.5, 0, -0.125, 0.25});
    CHECK(test::interpret<pm::shape<2, 2>>(unit, {{0, none, 3, infinity}}).outputs[0] == test::numbers{1, 0, -3, 1});
    char const* const sentence =
        "triangular_solve: the triangle is singular (there is a zero on its diagonal) or not finite";
    test::expect_failure<pm::shape<2, 2>>(lower, {1, 0, 1, 0}, sentence);
    test::expect_failure<pm::shape<2, 2>>(lower, {1, 0, infinity, 1}, sentence);
}
TEST_CASE("op: triangular_solve agrees three ways, with its gradient") {
    test::expect_agreement<float, pm::shape<9, 9>, pm::shape<9, 5>>(solved<pm::triangular{}, 9>, -1, 1);
    test::expect_agreement<double, pm::shape<5, 5>, pm::shape<5, 17>>(
        solved<pm::triangular{.upper = true, .transposed = true}, 5>, -1, 1);
    test::expect_agreement<float, pm::shape<7, 7>, pm::shape<7, 1>>(
        solved<pm::triangular{.upper = true, .unit = true}, 7>, -0.5, 0.5);
}

TEST_CASE("op: cholesky") {
    auto const y = test::interpret<pm::shape<4, 4>>(rebuilt<4>, {small(16)}).outputs;
    CHECK(test::close(y[0], test::numbers(16), 1e-14));
    CHECK(y[1] == test::numbers(16));
    CHECK(test::interpret<pm::shape<2, 2>>(plain_cholesky, {{4, none, 2, 10}}).outputs[0] == test::numbers{2, 0, 1, 3});
    test::expect_gradient<pm::shape<4, 4>>(factor<4>, -1, 1);
    test::expect_gradient<pm::shape<1, 1>>(factor<1>, -1, 1);
    test::expect_agreement<float, pm::shape<5, 5>>(factor<5>, -1, 1);
    using P = test::value_program_of<decltype(factor<37>), double, pm::shape<37, 37>>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -1, 1), 1e-12);
    for (test::numbers const& a : {test::numbers{1, 2, 2, 1}, test::numbers{0, 0, 0, 1},
                                   test::numbers{infinity, 0, 0, 1}, test::numbers{1, 0, none, 1}})
        test::expect_failure<pm::shape<2, 2>>(plain_cholesky, a,
                                              "cholesky: the matrix is not positive definite or not finite");
}

TEST_CASE("op: det and slogdet") {
    auto const y = test::interpret<pm::shape<3, 3>>(determinants, {{0, 2, 1, 1, -1, 3, 4, 0.5, -2}}).outputs;
    CHECK(std::abs(y[0][0] - 32.5) < 1e-13);
    CHECK(y[1][0] == 1);
    CHECK(std::abs(y[2][0] - std::log(32.5)) < 1e-14);
    CHECK(test::interpret<pm::shape<2, 2>>(determinants, {{0, 2, 3, 0}}).outputs ==
          test::arrays{{-6}, {-1}, {std::log(3.0) + std::log(2.0)}});
    CHECK(test::interpret<pm::shape<2, 2>>(just_det, {{1, 2, 2, 4}}).outputs[0][0] == 0);
    test::arrays const a{{0, 2, 1, 1, -1, 3, 4, 0.5, -2}};
    CHECK(test::gradient_is_right<pm::shape<3, 3>>(just_det, a));
    CHECK(test::gradient_is_right<pm::shape<3, 3>>(just_log, a));
    CHECK(test::gradient_is_right<pm::shape<3, 3>>(determinants, a));
    test::expect_failure<pm::shape<2, 2>>(just_log, {1, 2, 2, 4}, "slogdet: the matrix is singular or not finite");
    test::expect_failure<pm::shape<2, 2>>(just_det, {1, 2, 2, none}, "det: the matrix is not finite");
    // Of a singular matrix, and of one of lower rank still.
    auto const cofactors_of = [](test::numbers const& m) {
        using P = test::program_of<decltype(just_det), double, pm::shape<2, 2>>;
        auto const y = test::interpret(test::simplified<P>(), {m, {1}});
        REQUIRE(y.status.ok());
        CHECK(test::same_on<P>({m, {1}}, 1e-14));
        return y.outputs[1];
    };
    CHECK(test::close(cofactors_of({1, 2, 2, 4}), {4, -2, -2, 1}, 1e-15));
    CHECK(test::close(cofactors_of({0, 1, 0, 1}), {1, 0, -1, 0}, 1e-15));
    CHECK(test::close(cofactors_of({0, 0, 0, 0}), {0, 0, 0, 0}, 1e-15));
    using Q = test::program_of<decltype(just_det), double, pm::shape<3, 3>>;
    auto const of_rank_one = test::interpret(test::simplified<Q>(), {{1, 2, 3, 2, 4, 6, 3, 6, 9}, {1}});
    CHECK(test::close(of_rank_one.outputs[1], test::numbers(9), 1e-14));
}
TEST_CASE("op: det of numbers whose product does not fit, and its gradient") {
    using P = test::program_of<decltype(just_det), float, pm::shape<2, 2>>;
    for (double const s : {1e-30, 1e-25, 1e-10, 1e15, 1e30}) {
        test::arrays const a{{3 * s, s, s, 2 * s}, {1}};
        for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(a), test::run_kernel<P, float>(a)}) {
            REQUIRE(r.status.ok());
            test::numbers cofactors = r.outputs[1];
            for (double& c : cofactors) c /= s;
            CHECK(test::close(cofactors, {2, -1, -1, 3}, 1e-6));
        }
    }
    using Q = test::program_of<decltype(just_det), float, pm::shape<4, 4>>;
    test::numbers apart(16);
    apart[0] = apart[10] = 1e30, apart[5] = apart[15] = 1e-30;
    auto const r = test::run_kernel<Q, pm::simd::best<float>>({apart, {1}});
    CHECK(std::abs(r.outputs[0][0] - 1) < 1e-6);
    CHECK(std::abs(r.outputs[1][0] / 1e-30 - 1) < 1e-6);
    CHECK(std::abs(r.outputs[1][5] / 1e30 - 1) < 1e-6);
}
TEST_CASE("op: det and slogdet agree three ways") {
    using P = test::value_program_of<decltype(determinants), float, pm::shape<7, 7>>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -1, 1), 1e-5);
    test::expect_agreement<double, pm::shape<5, 5>>(just_det, -1, 1);
}
