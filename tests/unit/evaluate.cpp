// The interpreter: the same at compile time and at run time, integers, statuses. What each operation gives is tested
// with the operation.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/triangle.hpp"

using square = pm::shape<3, 3>;

namespace {

constexpr auto formula = [](auto x, auto r) {
    return pm::exp(pm::transpose(x) * r) / (pm::triu<1>(x) + 2.0) - pm::sum<0>(x);
};
constexpr pm::ir::graph formula_graph = pm::ir::simplify(test::trace<double, square, pm::shape<3>>(formula));

struct nine {
    double x[9];
};
constexpr nine evaluated() {
    nine out{};
    double const x[9]{0.5, -1, 2, 0.25, 1, -0.75, 1.5, 0, -0.5}, r[3]{1, 0.5, -1};
    double const* const in[]{x, r};
    double* const to[]{out.x};
    return pm::ir::evaluate(formula_graph, in, to).ok() ? out : nine{};
}
constexpr nine at_compile_time = evaluated();

}  // namespace

TEST_CASE("evaluate: a constant expression gives the numbers that run time gives, and those of the formula") {
    test::arrays const a{{0.5, -1, 2, 0.25, 1, -0.75, 1.5, 0, -0.5}, {1, 0.5, -1}};
    auto const y = test::interpret(formula_graph, a).outputs[0];
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            auto const& x = a[0];
            double const upper = j >= i + 1 ? x[3 * i + j] : 0;
            double const expected = std::exp(x[3 * j + i] * a[1][j]) / (upper + 2) - (x[j] + x[3 + j] + x[6 + j]);
            CHECK(std::abs(y[3 * i + j] - expected) <= 1e-14 * std::abs(expected));
            CHECK(at_compile_time.x[3 * i + j] == y[3 * i + j]);
        }
}

TEST_CASE("evaluate: integer arguments reach the operations that take them") {
    auto const f = [](auto x, auto t) { return pm::pick(x, t); };
    CHECK(test::interpret<pm::shape<2, 3>, test::labels<pm::shape<2>>>(f, {{1, 2, 3, 4, 5, 6}, {2, 0}}).outputs[0] ==
          test::numbers{3, 4});
}

TEST_CASE("evaluate: the status holds the sentence of the first requirement that fails") {
    auto const f = [](auto x) {
        auto const y = pm::require(x, x > 0, "the first sentence");
        return pm::require(y, y > 1, "the second sentence");
    };
    CHECK(test::interpret<pm::shape<2>>(f, {{2, 3}}).status.ok());
    CHECK(std::string(test::interpret<pm::shape<2>>(f, {{2, -3}}).status.failed) == "the first sentence");
    CHECK(std::string(test::interpret<pm::shape<2>>(f, {{2, 0.5}}).status.failed) == "the second sentence");
}

TEST_CASE("evaluate: rank 0 to 4") {
    CHECK(test::interpret<pm::shape<>>([](auto x) { return x * 2.0; }, {{3}}).outputs[0] == test::numbers{6});
    auto const f = [](auto x) { return pm::permute<3, 2, 1, 0>(x); };
    auto const y = test::interpret<pm::shape<2, 1, 3, 2>>(f, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}).outputs[0];
    CHECK(y == test::numbers{0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11});
}
