// Gradients of eigh, svd and qr, and solves, at the ends of the range of float: against the interpreter in double,
// whose range holds all that is computed on the way. What fits is right, what does not is infinite, and nothing is NaN.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

namespace {

constexpr auto eigh_of = [](auto a) { return pm::eigh(a); };
constexpr auto svd_of = [](auto a) { return pm::svd(a); };
constexpr auto qr_of = [](auto a) { return pm::qr(a); };

// Cotangents of a size; the largest difference of the gradient's elements, relative to the largest of them all.
template <class Shape>
double gradient_error(auto const& f, test::numbers a, double scale, double cotangents) {
    using P = test::program_of<std::remove_cvref_t<decltype(f)>, float, Shape>;
    using D = test::program_of<std::remove_cvref_t<decltype(f)>, double, Shape>;
    auto arguments = test::arguments_for(test::simplified<P>(), -1, 1);
    for (double& e : a) e *= scale;
    arguments[0] = a;
    for (std::size_t k = 0; k < arguments.size(); ++k)
        for (double& e : arguments[k]) e = static_cast<float>(k > 0 ? e * cotangents : e);
    auto const exact = test::interpret(test::simplified<D>(), arguments);
    REQUIRE(exact.status.ok());
    test::numbers const& right = exact.outputs.back();
    double largest = 0, worst = 0;
    for (double const e : right) largest = std::max(largest, std::abs(e));
    double const most = std::numeric_limits<float>::max();
    for (auto const& r : test::three_ways<P>(arguments)) {
        REQUIRE(r.status.ok());
        for (std::size_t i = 0; i < right.size(); ++i) {
            double const got = r.outputs.back()[i], e = right[i];
            double const d = std::abs(e) > most && std::abs(got) > most ? std::signbit(got) != std::signbit(e)
                                                                        : std::abs(got - e) / largest;
            if (d > worst || d != d) worst = d;
        }
    }
    return worst;
}

test::numbers const square{1, 0.2, 0.3, 0.2, 2, 0.1, 0.3, 0.1, 3.2}, tall{1, 0.2, 0.3, 2, 0.5, 0.1},
    wide{1, -0.7, 0.3, 0.4, 2, 0.5};

void check(double scale, double cotangents) {
    INFO("a times " << scale << ", cotangents times " << cotangents);
    CHECK(gradient_error<pm::shape<3, 3>>(eigh_of, square, scale, cotangents) < 3e-6);
    CHECK(gradient_error<pm::shape<3, 3>>(svd_of, square, scale, cotangents) < 3e-6);
    CHECK(gradient_error<pm::shape<3, 2>>(svd_of, tall, scale, cotangents) < 3e-6);
    CHECK(gradient_error<pm::shape<3, 3>>(qr_of, square, scale, cotangents) < 3e-6);
    CHECK(gradient_error<pm::shape<2, 3>>(qr_of, wide, scale, cotangents) < 3e-6);
}

}  // namespace

TEST_CASE("op: gradients of eigh, svd and qr of subnormal and of huge matrices") {
    for (double const scale : {1e-42, 1e-40, 1e-38, 1e-30, 1e-20}) {
        check(scale, 1e-10);
        check(scale, 1e-25);
        check(scale, 1);
    }
    for (double const scale : {1e20, 1e30, 1e37, 5e37}) {
        check(scale, 1);
        check(scale, 1e25);
        check(scale, 1e10);
    }
    check(1, 1e-35);
    check(1, 1e37);
}

TEST_CASE("op: gradients of qr of a diagonal from one end of the range to the other") {
    using P = test::program_of<std::remove_cvref_t<decltype(qr_of)>, float, pm::shape<3, 3>>;
    using D = test::program_of<std::remove_cvref_t<decltype(qr_of)>, double, pm::shape<3, 3>>;
    for (auto const& d : {test::numbers{1, 1e-30, 1e30}, {1e30, 1, 1e-30}, {1e-30, 1e30, 1}, {1e-30, 1, 1e30}}) {
        auto arguments = test::arguments_for(test::simplified<P>(), -1, 1);
        arguments[0] = {d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]};
        for (auto& x : arguments)
            for (double& e : x) e = static_cast<float>(e);
        auto const right = test::interpret(test::simplified<D>(), arguments).outputs.back();
        for (auto const& r : test::three_ways<P>(arguments)) {
            REQUIRE(r.status.ok());
            for (std::size_t i = 0; i < 9; ++i) {
                double const e = right[i], got = r.outputs.back()[i];
                INFO("element " << i << ": " << got << " for " << e);
                if (std::abs(e) > std::numeric_limits<float>::max())
                    CHECK(std::abs(got) > std::numeric_limits<float>::max());
                else
                    CHECK(std::abs(got - e) <= 1e-5 * std::abs(e) + 1e-44);
            }
        }
    }
}

TEST_CASE("op: what does not fit in a solve spoils nothing that does not depend on it") {
    constexpr auto solved = [](auto a, auto b) { return pm::solve(a, b); };
    constexpr auto lower = [](auto a, auto b) { return pm::triangular_solve(a, b); };
    constexpr auto upper = [](auto a, auto b) { return pm::triangular_solve<pm::triangular{.upper = true}>(a, b); };
    double const none = std::numeric_limits<double>::infinity();
    auto const check = [&]<class F>(F const&, test::numbers const& a, test::numbers const& b,
                                    test::numbers const& right) {
        using P = test::value_program_of<F, float, pm::shape<3, 3>, pm::shape<3, 2>>;
        auto const r = test::three_ways<P>({a, b});
        for (std::size_t k = 1; k < 3; ++k) {  // the interpreter computes in double, where it fits
            REQUIRE(r[k].status.ok());
            for (std::size_t i = 0; i < 6; ++i) {
                INFO("element " << i << ": " << r[k].outputs[0][i]);
                CHECK((r[k].outputs[0][i] == right[i] ||
                       std::abs(r[k].outputs[0][i] - right[i]) <= 1e-6 * std::abs(right[i])));
            }
        }
    };
    test::numbers const diagonal{1e-30, 0, 0, 0, 1, 0, 0, 0, 1e30}, b{1e30, 1, 2, -3, 1e30, 1e30};
    test::numbers const x{none, 1e30, 2, -3, 1, 1};
    check(solved, diagonal, b, x);
    check(lower, diagonal, b, x);
    check(upper, {1e30, 0, 0, 0, 1, 0, 0, 0, 1e-30}, {1e30, 1e30, 2, -3, 1e30, 1}, {1, 1, 2, -3, none, 1e30});
}
