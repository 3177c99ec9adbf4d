// Lengths: norms, weight_norm and unit_norm of vectors whose squares overflow or underflow, value and gradient, over
// every axis, in the interpreter and in kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/param/unit_norm.hpp"
#include "paramorph/param/weight_norm.hpp"

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

constexpr auto norms = [](auto x) {
    return std::tuple{pm::norm<2, 1>(x), pm::norm<2, 0>(x), pm::norm(x), pm::norm<2, 1>(x * 0.5)};
};

// Of one type each, so that what several tests run is compiled once.
constexpr auto weight = [](auto v, auto g) { return pm::param::weight_norm<>::forward(g, v); };
constexpr auto unit = [](auto v) { return pm::param::unit_norm::forward(v); };
using weight_type = std::remove_const_t<decltype(weight)>;
using unit_type = std::remove_const_t<decltype(unit)>;

// f is homogeneous: of s x its results are s^degree times those of x, its gradient s^(degree - 1) times.
template <class T, class P>
void check_scales(test::arrays const& arguments, std::vector<int> const& degrees, std::size_t outputs,
                  std::vector<double> const& scales) {
    auto const at_one = test::interpret(test::simplified<P>(), arguments);
    REQUIRE(at_one.status.ok());
    for (double const s : scales) {
        test::arrays scaled = arguments;
        for (double& e : scaled[0]) e = static_cast<T>(e * s);
        for (auto const& r : {test::run_kernel<P, pm::simd::best<T>>(scaled), test::run_kernel<P, T>(scaled),
                              test::interpret(test::simplified<P>(), scaled)}) {
            UNSCOPED_INFO("scale " << s);
            REQUIRE(r.status.ok());
            for (std::size_t k = 0; k < r.outputs.size(); ++k) {
                int const degree = k < outputs ? degrees[k] : degrees[0] - (k == outputs ? 1 : 0);
                test::numbers y = r.outputs[k];
                for (double& e : y) e = degree == 0 ? e : degree > 0 ? e / s : e * s;
                CHECK(test::close(y, at_one.outputs[k], sizeof(T) == 4 ? 2e-6 : 1e-14));
            }
        }
    }
}

template <class T>
inline std::vector<double> const scales =
    sizeof(T) == 4 ? std::vector<double>{1e-37, 1e-30, 1e-25, 1e-23, 1e-19, 1, 1e18, 1e30, 1e36}
                   : std::vector<double>{1e-305, 1e-200, 1e-160, 1e-150, 1, 1e155, 1e200, 1e306};

}  // namespace

TEST_CASE("lengths: norms over every axis, of any scale") {
    auto const run = []<class T, class Shape>(T, Shape) {
        using P = test::program_of<decltype(norms), T, Shape>;
        check_scales<T, P>(test::arguments_for(test::simplified<P>(), -1, 1), {1, 1, 1, 1}, 4, scales<T>);
    };
    run(float(), pm::shape<5, 7>{});
    run(float(), pm::shape<9, 300>{});
    run(float(), pm::shape<120, 3>{});
    run(float(), pm::shape<1, 5>{});
    run(float(), pm::shape<5, 1>{});
    run(float(), pm::shape<1, 1>{});
    run(double(), pm::shape<19, 33>{});
}

TEST_CASE("lengths: of single rows among others, zeros, infinities and NaN") {
    auto const rows = [](auto x) { return pm::norm<2, 1>(x); };
    using P = test::value_program_of<decltype(rows), float, pm::shape<19, 3>>;
    test::numbers x(57, 1.0);
    auto const set = [&](std::size_t row, double a, double b, double c) {
        x[3 * row] = a, x[3 * row + 1] = b, x[3 * row + 2] = c;
    };
    set(0, 2e-23, 3e-23, 6e-23), set(3, 0, 0, 0), set(7, 2e30, 3e30, 6e30), set(9, 1, unlimited, 2),
        set(11, none, 1, 1);
    set(12, none, unlimited, 1), set(13, 1e-45, 0, 0), set(16, -2e37, 3e37, 6e37), set(18, 0, -0.0, 1e-40);
    for (double& e : x) e = float(e);
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>({x}), test::run_kernel<P, float>({x}),
                          test::interpret(test::simplified<P>(), {x})}) {
        test::numbers const& y = r.outputs[0];
        auto const is = [&](std::size_t row, double right) { return std::abs(y[row] - right) <= 2e-7 * right; };
        CHECK(is(0, 7e-23));
        CHECK(is(1, std::sqrt(3.0)));
        CHECK(y[3] == 0);
        CHECK(is(7, 7e30));
        CHECK(y[9] == unlimited);
        CHECK(std::isnan(y[11]));
        CHECK(std::isnan(y[12]));
        CHECK(std::abs(y[13] - double(1e-45f)) < 1e-46);
        CHECK(is(16, 7e37));
        CHECK(std::abs(y[18] - 1e-40) < 1e-44);
    }
    // The gradient of a zero row is zero.
    auto const all = [](auto x) { return pm::norm(x); };
    using Q = test::program_of<decltype(all), float, pm::shape<2>>;
    CHECK(test::run_kernel<Q, float>({{0, 0}, {1}}).outputs[1] == test::numbers{0, 0});
    CHECK(test::run_kernel<Q, pm::simd::best<float>>({{0, 0}, {1}}).outputs[1] == test::numbers{0, 0});
}

TEST_CASE("lengths: a norm in a loop with other results, and of rows that run together") {
    auto const f = [](auto x) {
        return std::tuple{x * 2.0, pm::norm<2, 1>(x), pm::sum<0>(x), x / pm::unsqueeze<1>(pm::norm<2, 1>(x)),
                          pm::norm(pm::softmax(x))};
    };
    using P = test::value_program_of<decltype(f), float, pm::shape<41, 13>>;
    test::arrays a = test::arguments_for(test::simplified<P>(), -1, 1);
    for (double& e : a[0]) e = float(e);
    for (std::size_t i = 5 * 13; i < 9 * 13; ++i) a[0][i] = float(a[0][i] * 1e-28);
    auto const reference = test::interpret(test::simplified<P>(), a);
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(a), test::run_kernel<P, float>(a)}) {
        REQUIRE(r.status.ok());
        for (std::size_t k = 0; k < 5; ++k) CHECK(test::close(r.outputs[k], reference.outputs[k], 1e-6));
        for (std::size_t i = 0; i < 41; ++i) CHECK(std::abs(r.outputs[1][i] / reference.outputs[1][i] - 1) < 1e-6);
    }
}

TEST_CASE("lengths: weight_norm and unit_norm of any scale, value and gradient") {
    auto const whole = [](auto v, auto g) { return pm::param::weight_norm<pm::param::whole_tensor>::forward(g, v); };
    auto const columns = [](auto v, auto g) { return pm::param::weight_norm<1>::forward(g, v); };
    auto const run = []<class T, class P>(T, P) {
        check_scales<T, P>(test::arguments_for(test::simplified<P>(), 0.2, 1), {0}, 1, scales<T>);
    };
    run(float(), test::program_of<weight_type, float, pm::shape<11, 17>, pm::shape<11, 1>>{});
    run(float(), test::program_of<decltype(columns), float, pm::shape<11, 17>, pm::shape<1, 17>>{});
    run(float(), test::program_of<decltype(whole), float, pm::shape<11, 17>, pm::shape<>>{});
    run(float(), test::program_of<unit_type, float, pm::shape<9, 6>>{});
    run(double(), test::program_of<weight_type, double, pm::shape<11, 17>, pm::shape<11, 1>>{});
    test::expect_gradient<pm::shape<5, 4>, pm::shape<5, 1>>(weight);
    test::expect_gradient<pm::shape<5, 4>, pm::shape<>>(whole);
    test::expect_gradient<pm::shape<5, 4>>(unit);
    test::expect_gradient<pm::shape<5, 4>>(norms);
}

TEST_CASE("lengths: the gradient of weight_norm where a number of a row alone does not fit") {
    auto const run = [&]<int Rows, int Columns>(pm::shape<Rows, Columns>) {
        using F = weight_type;
        using P = test::program_of<F, float, pm::shape<Rows, Columns>, pm::shape<Rows, 1>>;
        using Q = test::program_of<F, double, pm::shape<Rows, Columns>, pm::shape<Rows, 1>>;
        test::arrays const at_one = test::arguments_for(test::simplified<P>(), 0.2, 1);
        struct scales {
            double v, g, c;
        };
        for (scales const s : {scales{1e-12, 1e10, 1e10},
                               {1e15, 1e-10, 1e-10},
                               {1, 1e30, 1e-30},
                               {1, 1e-18, 1e-18},
                               {1, 1, 0},
                               {1, 0, 1},
                               {1e-36, 1, 1e2},
                               {1e30, 1, 1e3}})
            for (int const every : {1, 5}) {
                test::arrays a = at_one;
                for (int i = 0; i < Rows; i += every) {
                    a[1][std::size_t(i)] *= s.g;
                    for (int j = 0; j < Columns; ++j) {
                        a[0][std::size_t(i * Columns + j)] *= s.v;
                        a[2][std::size_t(i * Columns + j)] *= s.c;
                    }
                }
                for (auto& of : a)
                    for (double& e : of) e = double(float(e));
                auto const right = test::interpret(test::simplified<Q>(), a).outputs[1];
                for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(a), test::run_kernel<P, float>(a),
                                      test::interpret(test::simplified<P>(), a)}) {
                    REQUIRE(r.status.ok());
                    INFO(Rows << " x " << Columns << ", v " << s.v << " g " << s.g << " c " << s.c);
                    for (int i = 0; i < Rows; ++i) {
                        auto const row = [&](test::numbers const& of) {
                            return test::numbers(of.begin() + i * Columns, of.begin() + (i + 1) * Columns);
                        };
                        test::numbers const expected = row(right), got = row(r.outputs[1]);
                        double largest = 0, worst = 0;
                        for (std::size_t j = 0; j < got.size(); ++j) {
                            largest = std::max(largest, std::abs(expected[j]));
                            if (auto const d = std::abs(got[j] - expected[j]); d > worst || d != d) worst = d;
                        }
                        CHECK(worst <= 4e-6 * largest);
                    }
                }
            }
    };
    run(pm::shape<16, 16>{});
    run(pm::shape<11, 17>{});
    run(pm::shape<3, 300>{});
    auto const turned = [](auto c, auto x, auto turn, auto a) {
        auto const s = pm::apply_elementwise<pm::op::scale_apart>(turn, a);
        return pm::apply_elementwise<pm::op::scaled_apart>(c * (a / s) + x * (turn * (a / s)), s);
    };
    using one = pm::shape<1>;
    using P = test::value_program_of<decltype(turned), float, one, one, one, one>;
    for (auto const& [turn, a, right] : std::initializer_list<std::array<double, 3>>{
             {3, 5, 35}, {0, 5, 5}, {3, 0, 0}, {1e-30, 1e-20, 1e-20}, {none, 1, none}})
        for (auto const& r : {test::run_kernel<P, float>({{1}, {2}, {turn}, {a}}),
                              test::interpret(test::simplified<P>(), {{1}, {2}, {turn}, {a}})})
            CHECK((std::isnan(right) ? std::isnan(r.outputs[0][0])
                                     : r.outputs[0][0] == right || std::abs(r.outputs[0][0] / right - 1) < 1e-6));
}

// Rows x of length s and cotangents of size c: the gradient of a direction is c / s times that at one.
template <class T, class F>
void check_directions(F const&, std::vector<std::pair<double, double>> const& sizes) {
    using P = test::program_of<F, T, pm::shape<9, 6>>;
    test::arrays const at_one = test::arguments_for(test::simplified<P>(), 0.2, 1);
    auto const expected = test::interpret(test::simplified<P>(), at_one).outputs[1];
    for (auto const& [s, c] : sizes) {
        test::arrays a = at_one;
        for (double& e : a[0]) e *= s;
        for (double& e : a[1]) e *= c;
        for (auto const& r : test::three_ways<P>(a)) {
            INFO("size " << s << ", cotangent " << c);
            REQUIRE(r.status.ok());
            test::numbers got = r.outputs[1];
            for (double& e : got) e = e / c * s;
            CHECK(test::close(got, expected, sizeof(T) == 4 ? 5e-6 : 1e-13));
        }
    }
}

TEST_CASE("lengths: gradients where the cotangent over the length, or times the vector, does not fit") {
    auto const quotient = [](auto v) { return v / pm::unsqueeze<1>(pm::norm<2, 1>(v)); };
    check_directions<float>(unit,
                            {{1e30, 1e30}, {1e-30, 1e-30}, {1e-25, 1e-20}, {1e-20, 1e-25}, {1e10, 1e30}, {1e-30, 1}});
    check_directions<double>(unit, {{1e250, 1e250}, {1e-250, 1e-250}, {1e-160, 1e-160}, {1e100, 1e250}});
    check_directions<float>(quotient, {{1e-18, 1}, {1e-20, 1}, {1e-30, 1}, {1e-36, 1}, {1e30, 1}});
    check_directions<double>(quotient, {{1e-160, 1}, {1e-250, 1}, {1e250, 1}});
    // The gradient of a norm is the direction, however small the vector.
    auto const norm = [](auto v) { return pm::norm(v); };
    using P = test::program_of<decltype(norm), float, pm::shape<3>>;
    for (double const s : {1.0, 1e-38, 1e-40, 1e-42, 1e37}) {
        INFO("size " << s);
        for (auto const& r : test::three_ways<P>({{3 * s, -4 * s, 0}, {1}}))
            CHECK(test::close(r.outputs[1], {0.6, -0.8, 0}, s < 1e-41 ? 3e-4 : s < 1e-39 ? 1e-5 : 1e-6));
    }
    for (auto const& r : test::three_ways<P>({{0, 0, 0}, {1}})) CHECK(r.outputs[1] == test::numbers{0, 0, 0});
}

// Rows of float of any size: directions to a few epsilon of those in double, of the numbers that the row has.
TEST_CASE("lengths: directions of subnormal rows, and of rows whose length does not fit") {
    auto const of_rows = [](auto v, auto) { return unit(v); };
    auto const gradient_of_norm = [](auto v, auto g) { return pm::norm<2, 1>(v) * pm::reshape<pm::shape<16>>(g); };
    auto const run = [&]<class T, int Columns, class F>(T, F, std::integral_constant<int, Columns>,
                                                        std::size_t output) {
        using P = test::program_of<F, T, pm::shape<16, Columns>, pm::shape<16, 1>>;
        constexpr int last = std::numeric_limits<T>::max_exponent,
                      first = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
        constexpr double epsilon = std::numeric_limits<T>::epsilon();
        test::arrays const at_one = test::arguments_for(test::simplified<P>(), -1, 1);
        for (int e = first + 4; e <= last; e += e < first + 30 || e > last - 3 ? 1 : 40)
            for (int every : {1, 5}) {
                test::arrays a = at_one;
                for (double& x : a[1]) x = 1;
                for (int i = 0; i < 16; i += every)
                    for (int j = 0; j < Columns; ++j) {
                        double& x = a[0][std::size_t(i * Columns + j)];
                        x = static_cast<T>(std::ldexp(x, e));
                    }
                test::arrays plain = a;  // in the range of double
                for (int i = 0; i < 16; i += every)
                    for (int j = 0; j < Columns; ++j) {
                        double& x = plain[0][std::size_t(i * Columns + j)];
                        x = std::ldexp(x, -e);
                    }
                auto const right = test::interpret(test::simplified<P>(), plain).outputs[output];
                for (auto const& r : {test::run_kernel<P, pm::simd::best<T>>(a), test::run_kernel<P, T>(a)}) {
                    INFO("2^" << e << ", " << Columns << " columns, output " << output);
                    REQUIRE(r.status.ok());
                    CHECK(test::close(r.outputs[output], right, 8 * epsilon));
                }
            }
    };
    std::integral_constant<int, 7> const seven{};
    std::integral_constant<int, 16> const sixteen{};
    run(float(), of_rows, seven, 0);
    run(float(), of_rows, sixteen, 0);
    run(float(), weight, sixteen, 0);
    run(float(), gradient_of_norm, seven, 1);
    run(double(), of_rows, seven, 0);
}

TEST_CASE("lengths: weight_norm of rows whose length does not fit, and of rows that are not finite") {
    using P = test::value_program_of<weight_type, float, pm::shape<3, 2>, pm::shape<3, 1>>;
    test::arrays const a{{3e38, 3e38, 3, 4, unlimited, 1}, {1, 1, 1}};
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(a), test::run_kernel<P, float>(a)}) {
        CHECK(std::isnan(r.outputs[0][4]));
        CHECK(std::isnan(r.outputs[0][5]));
        CHECK(test::close({r.outputs[0].begin(), r.outputs[0].begin() + 4}, {std::sqrt(0.5), std::sqrt(0.5), 0.6, 0.8},
                          1e-6));
    }
}
