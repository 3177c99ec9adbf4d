// Gradients where an operation was not taken: the way not taken may be undefined or infinitely steep, and nothing flows
// back through it. In the interpreter and in kernels, for where and for all that chooses: relu, elu, clamp, maximum,
// minimum, max, min, abs.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <bit>
#include <cstdint>

#include "paramorph/op/abs.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/where.hpp"

namespace {

double const infinity = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

// One for all programs.
void expect_outcomes(std::vector<test::outcome> const& outcomes, test::numbers const& right, double tolerance) {
    REQUIRE(outcomes.size() == 3);
    for (auto const& r : outcomes) {
        REQUIRE(r.status.ok());
        CHECK(test::close(r.outputs[1], right, tolerance));
    }
}
// The gradient of the sum of f's only result, in the type T.
template <class T>
void expect_slopes_in(auto const& f, test::numbers const& x, test::numbers const& right) {
    REQUIRE(x.size() == 4);
    using P = test::program_of<std::remove_cvref_t<decltype(f)>, T, pm::shape<4>>;
    std::size_t const results = static_cast<std::size_t>(pm::compiled<P>::simplified.shape_of(1).size());
    expect_outcomes(test::three_ways<P>({x, test::numbers(results, 1.0)}), right, sizeof(T) == 4 ? 1e-6 : 1e-14);
}
void expect_slopes(auto const& f, test::numbers const& x, test::numbers const& right) {
    expect_slopes_in<float>(f, x, right);
    expect_slopes_in<double>(f, x, right);
}

}  // namespace

TEST_CASE("choices: where over roots, logarithms and quotients") {
    test::numbers const x{-1, -4, 0, 4};
    expect_slopes([](auto a) { return pm::where(a > 0, pm::sqrt(a), a); }, x, {1, 1, 1, 0.25});
    expect_slopes([](auto a) { return pm::where(a > 0, pm::sqrt(a), 0.0); }, x, {0, 0, 0, 0.25});
    expect_slopes([](auto a) { return pm::where(a < 0, a, pm::sqrt(a)); }, {-1, -4, -0.5, 4}, {1, 1, 1, 0.25});
    expect_slopes([](auto a) { return pm::where(a > 0, pm::log(a), a); }, x, {1, 1, 1, 0.25});
    expect_slopes([](auto a) { return pm::where(a > 0, 1.0 / a, a * 2.0); }, x, {2, 2, 2, -1.0 / 16});
    expect_slopes([](auto a) { return pm::where(a > 0, (a + 1.0) / a, 0.0); }, x, {0, 0, 0, -1.0 / 16});
    expect_slopes([](auto a) { return pm::where(a > 0, pm::pow(a, 1.5), a); }, x, {1, 1, 1, 3});
    // The way not taken overflows: exp(1000) is infinite.
    expect_slopes([](auto a) { return pm::where(a < 1, pm::exp(a), a); }, {0, 1000, -1000, 1}, {1, 1, 0, 1});
    // The root lies some operations back.
    expect_slopes([](auto a) { return pm::where(a > 0, pm::log(pm::sqrt(a) * 3.0 + 0.0 * a), a); }, x,
                  {1, 1, 1, 0.125});
}
TEST_CASE("choices: where within where, and choices that share a condition") {
    test::numbers const x{-1, 0, 4, 16};
    auto const nested = [](auto a) {
        return pm::where(a > 0, pm::where(a > 9, a, pm::sqrt(a)), pm::where(a < 0, -a, a));
    };
    expect_slopes(nested, x, {-1, 1, 0.25, 1});
    auto const both = [](auto a) { return pm::where(a > 0, pm::sqrt(a), a) + pm::where(a > 0, pm::log(a), 2.0 * a); };
    expect_slopes(both, x, {3, 3, 0.5, 0.125 + 1.0 / 16});
    auto const opposite = [](auto a) { return pm::where(a > 0, pm::sqrt(a), a) + pm::where(a < 1e-9, a, pm::log(a)); };
    expect_slopes(opposite, x, {2, 2, 0.5, 0.125 + 1.0 / 16});
    auto const scaled = [](auto a) { return 3.0 * pm::where(a > 0, pm::sqrt(a), a) * a; };
    expect_slopes(scaled, x, {-6, 0, 9, 18});
}
TEST_CASE("choices: relu, elu, clamp, minimum, maximum and abs at an edge") {
    test::numbers const x{-1, 0, 4, 0.25};
    expect_slopes([](auto a) { return pm::sqrt(pm::relu(a)); }, {-1, -4, 4, 0.25}, {0, 0, 0.25, 1});
    expect_slopes([](auto a) { return pm::relu(pm::sqrt(a) - 1.0); }, {0, 0.25, 4, 9}, {0, 0, 0.25, 1.0 / 6});
    expect_slopes([](auto a) { return pm::elu(pm::where(a > 0, pm::sqrt(a), a)); }, x, {std::exp(-1), 1, 0.25, 1});
    expect_slopes([](auto a) { return pm::clamp(pm::sqrt(a), 1, 1.5); }, {0, 0.25, 4, 1.96}, {0, 0, 0, 1 / 2.8});
    expect_slopes([](auto a) { return pm::clamp(pm::log(a), -3, 3); }, {0, 1, 4, 1e9}, {0, 1, 0.25, 0});
    expect_slopes([](auto a) { return pm::clamp(1.0 / a, -2, 2); }, {0, 1, 4, -0.25}, {0, -1, -1.0 / 16, 0});
    expect_slopes([](auto a) { return pm::maximum(pm::sqrt(a), 1.0); }, {0, 0.25, 4, 9}, {0, 0, 0.25, 1.0 / 6});
    expect_slopes([](auto a) { return pm::minimum(pm::log(a), 5.0) + pm::maximum(pm::log(a), -5.0); }, {0, 1, 4, 1e9},
                  {infinity, 2, 0.5, 1e-9});
    expect_slopes([](auto a) { return pm::maximum(pm::log(a), -5.0); }, {0, 1, 4, 1e9}, {0, 1, 0.25, 1e-9});
    expect_slopes([](auto a) { return pm::abs(a * 0.0) + a; }, x, {1, 1, 1, 1});
    expect_slopes([](auto a) { return pm::sqrt(pm::abs(pm::relu(a))); }, {-1, -4, 4, 0.25}, {0, 0, 0.25, 1});
}
TEST_CASE("choices: max and min over a row with what is infinitely steep") {
    expect_slopes([](auto a) { return pm::max(pm::sqrt(a)); }, {0, 1, 4, 0.25}, {0, 0, 0.25, 0});
    expect_slopes([](auto a) { return pm::min(1.0 / a); }, {0, 1, 4, 0.25}, {0, 0, -1.0 / 16, 0});
    expect_slopes([](auto a) { return pm::max(pm::log(a)); }, {0, 1, 4, 0}, {0, 0, 0.25, 0});
    expect_slopes([](auto a) { return pm::norm<pm::infinity>(pm::sqrt(a)); }, {0, 1, 4, 0.25}, {0, 0, 0.25, 0});
}
TEST_CASE("choices: a condition that is NaN takes the second way, as a comparison says") {
    using P =
        test::program_of<decltype([](auto a) { return pm::where(a > 0, pm::sqrt(a), a * 2.0); }), double, pm::shape<1>>;
    for (auto const& r : test::three_ways<P>({{none}, {1}})) {
        CHECK(std::isnan(r.outputs[0][0]));
        CHECK(r.outputs[1][0] == 2);
    }
}
TEST_CASE("choices: a comparison's number is not made, and x or a part of x is the larger of the two") {
    test::numbers const x{-infinity, -2, -1e-45, -0.0, 0, 1e-45, 0.5, 1, infinity, none, 3};
    auto const expect = [&]<class F>(F const&, auto right) {
        using P = test::value_program_of<F, float, pm::shape<11>>;
        for (auto const& r : test::three_ways<P>({x})) {
            REQUIRE(r.status.ok());
            for (std::size_t i = 0; i < x.size(); ++i) {
                float const is = static_cast<float>(r.outputs[0][i]), should_be = right(static_cast<float>(x[i]));
                CHECK(((std::isnan(is) && std::isnan(should_be)) ||
                       std::bit_cast<std::uint32_t>(is) == std::bit_cast<std::uint32_t>(should_be)));
            }
        }
    };
    expect([](auto a) { return pm::where(a > 0, a, 0.01 * a); }, [](float a) { return a > 0 ? a : 0.01f * a; });
    expect([](auto a) { return pm::where(a > 0, a, 1.5 * a); }, [](float a) { return a > 0 ? a : 1.5f * a; });
    // 1e-50 is 0 in float, and 0 times infinity is no number.
    expect([](auto a) { return pm::where(pm::abs(a) > 0, pm::abs(a), 1e-50 * pm::abs(a)); },
           [](float a) { return std::abs(a); });
    expect([](auto a) { return pm::where(a > 1, a, 0.5 * a); }, [](float a) { return a > 1 ? a : 0.5f * a; });
    expect([](auto a) { return pm::where(a > 0, 0.5 * a, a); }, [](float a) { return a > 0 ? 0.5f * a : a; });
    expect([](auto a) { return pm::where(0.5 >= a, a, 2.0); }, [](float a) { return 0.5f >= a ? a : 2.0f; });
    expect([](auto a) { return pm::where(pm::equal(a, 0), 5.0, a); }, [](float a) { return a == 0 ? 5.0f : a; });
    expect([](auto a) { return pm::where(pm::not_equal(a, a), 5.0, a); },
           [](float a) { return std::isnan(a) ? 5.0f : a; });
    expect([](auto a) { return pm::where(a > 1, a, 0.0) + (a > 1); },
           [](float a) { return (a > 1 ? a : 0.0f) + (a > 1 ? 1.0f : 0.0f); });
    expect([](auto a) { return pm::where(a, 1.0, 2.0); }, [](float a) { return a == 0 ? 2.0f : 1.0f; });
}
