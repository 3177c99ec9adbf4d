// A step of power iteration: its results by their definition, its derivative where it has converged, and interpreter
// against kernels at shapes around the vector widths and beyond the first cache.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/op/power_iteration.hpp"

namespace {

constexpr auto step = [](auto m, auto v) {
    auto const [u, next, sigma] = pm::power_iteration(m, v);
    return std::tuple{u, next, sigma};
};
constexpr auto sigma = [](auto m, auto v) { return std::get<2>(pm::power_iteration(m, v)); };
constexpr auto of_small = [](auto m, auto v) { return std::get<0>(pm::power_iteration<std::ratio<1, 2>>(m, v)); };

}  // namespace

TEST_CASE("op: power_iteration by its definition") {
    // m v = (3, 4), m^T u = (5, 4).
    auto const r = test::interpret<pm::shape<2, 2>, pm::shape<2>>(step, {{3, 0, 4, 5}, {1, 0}}).outputs;
    CHECK(test::close(r[0], {0.6, 0.8}, 1e-15));
    double const length = std::hypot(5.0, 4.0);
    CHECK(test::close(r[1], {5 / length, 4 / length}, 1e-15));
    CHECK(test::close(r[2], {length}, 1e-15));
}
TEST_CASE("op: power_iteration divides by no norm below eps") {
    auto const r = test::interpret<pm::shape<2, 2>, pm::shape<2>>(of_small, {{0.03, 0, 0.04, 0}, {1, 0}}).outputs;
    CHECK(test::close(r[0], {0.06, 0.08}, 1e-15));
    auto const zero = test::interpret<pm::shape<2, 2>, pm::shape<2>>(step, {{0, 0, 0, 0}, {1, 0}}).outputs;
    CHECK((zero[0] == test::numbers{0, 0} && zero[2] == test::numbers{0}));
}
TEST_CASE("op: power_iteration of any scale") {
    using P = test::value_program_of<decltype(step), float, pm::shape<5, 9>, pm::shape<9>>;
    auto a = test::arguments_for(test::simplified<P>(), 0.1, 1);
    auto const at_one = test::interpret(test::simplified<P>(), a).outputs;
    for (double const s : {1e-9, 1e10, 1e19, 1e25, 1e36}) {
        test::arrays scaled = a;
        for (double& e : scaled[0]) e = static_cast<float>(e * s);
        for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(scaled), test::run_kernel<P, float>(scaled)}) {
            UNSCOPED_INFO("scale " << s);
            CHECK(test::close(r.outputs[0], at_one[0], 1e-6));
            CHECK(test::close(r.outputs[1], at_one[1], 1e-6));
            CHECK(std::abs(r.outputs[2][0] / s / at_one[2][0] - 1) < 1e-6);
        }
    }
}
TEST_CASE("op: power_iteration's gradient where it has converged") {
    // The matrix's argument alone: v is a constant.
    auto const g = std::make_unique<pm::ir::graph>(
        pm::ir::simplify(test::trace_gradient<double, pm::shape<2, 3>, pm::shape<3>>(sigma)));
    test::outcome const r = test::interpret(*g, {{0, 3, 0, 1, 0, 0}, {0, 1, 0}, {2}});
    REQUIRE(r.status.ok());
    CHECK(r.outputs[0] == test::numbers{3});
    CHECK(r.outputs[1] == test::numbers{0, 2, 0, 0, 0, 0});  // the cotangent times u v^T
}
TEST_CASE("op: power_iteration, interpreter and kernels") {
    test::expect_agreement<float, pm::shape<1, 1>, pm::shape<1>>(step);
    test::expect_agreement<float, pm::shape<3, 5>, pm::shape<5>>(step);
    test::expect_agreement<float, pm::shape<17, 9>, pm::shape<9>>(step);
    test::expect_agreement<float, pm::shape<131, 67>, pm::shape<67>>(step);
    test::expect_agreement<float, pm::shape<5, 3001>, pm::shape<3001>>(step);
    test::expect_agreement<double, pm::shape<7, 13>, pm::shape<13>>(step);
    test::expect_agreement<double, pm::shape<67, 71>, pm::shape<71>>(step);
}
TEST_CASE("op: power_iteration that begins anew gives unit vectors, whatever it is given") {
    constexpr auto anew = [](auto m, auto v) {
        auto const [u, next, sigma] = pm::power_iteration<std::pico, pm::direction::anew>(m, v);
        return std::tuple{u, next, sigma};
    };
    auto const step_of = [&](test::numbers const& m, test::numbers const& v) {
        return test::interpret<pm::shape<2, 2>, pm::shape<2>>(anew, {m, v}).outputs;
    };
    double const inf = std::numeric_limits<double>::infinity();
    // As the other one where all is well.
    auto const r = step_of({3, 0, 4, 5}, {1, 0});
    double const length = std::hypot(5.0, 4.0);
    CHECK(test::close(r[0], {0.6, 0.8}, 1e-15));
    CHECK(test::close(r[1], {5 / length, 4 / length}, 1e-15));
    CHECK(test::close(r[2], {length}, 1e-15));
    for (double const scale : {1e-300, 1e-200, 1e200, 1e300}) {
        auto const s = step_of({3 * scale, 0, 4 * scale, 5 * scale}, {1, 0});
        CHECK(test::close(s[0], {0.6, 0.8}, 1e-14));
        CHECK(test::close(s[1], {5 / length, 4 / length}, 1e-14));
        CHECK(std::abs(s[2][0] / scale - length) < 1e-13);
    }
    for (test::numbers const& lost : {test::numbers{0, 0}, test::numbers{inf, 1}, test::numbers{std::nan(""), 0},
                                      test::numbers{0, 1}, test::numbers{0, 1e-320}}) {
        auto const s = step_of({0, 0, 2, 0}, lost);
        CHECK(s[0] == test::numbers{0, 1});
        CHECK(s[1] == test::numbers{1, 0});
        CHECK(s[2] == test::numbers{2});
    }
    auto const zero = step_of({0, 0, 0, 0}, {0, -3});
    CHECK((zero[0] == test::numbers{1, 0} && zero[1] == test::numbers{0, -1} && zero[2] == test::numbers{0}));
    auto const bad = step_of({inf, 0, 0, 1}, {0, 0});
    CHECK((bad[0] == test::numbers{1, 0} && bad[1] == test::numbers{1, 0} && std::isnan(bad[2][0])));
    test::expect_agreement<float, pm::shape<3, 5>, pm::shape<5>>(anew);
    test::expect_agreement<float, pm::shape<131, 67>, pm::shape<67>>(anew);
}
