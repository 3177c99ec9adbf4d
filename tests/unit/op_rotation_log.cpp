// rotation_log: undoes the exponential of a skew matrix, equal angles included; derivative against finite differences,
// statuses, and interpreter against kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/rotation_log.hpp"
#include "paramorph/param/skew.hpp"

namespace {

constexpr auto skew = [](auto x) { return pm::param::skew::forward(x); };
constexpr auto rotation = [](auto x) { return pm::matrix_exp<pm::matrix_kind::skew>(skew(x)); };
constexpr auto there_and_back = [](auto x) { return pm::rotation_log(rotation(x)) - skew(x); };
// A function of rotations that is no identity: the logarithm of a product.
constexpr auto of_product = [](auto x, auto y) { return pm::rotation_log(pm::matmul(rotation(x), rotation(y))); };
constexpr auto logarithm = [](auto q) { return pm::rotation_log(q); };

test::numbers small(int n, double size) {
    pm::random source{11};
    return pm::testing::drawn(source, n, -size, size);
}

}  // namespace

TEST_CASE("op: rotation_log undoes matrix_exp") {
    for (double size : {1e-9, 1e-4, 0.1, 1.0}) {
        INFO(size);
        auto const y = test::interpret<pm::shape<5, 5>>(there_and_back, {small(25, size)}).outputs[0];
        CHECK(test::close(y, test::numbers(25), 1e-13));
    }
    for (double angle : {0.0, 1e-8, 1.0, 3.0, 3.1415})
        CHECK(
            test::close(test::interpret<pm::shape<3, 3>>(there_and_back, {{0, angle, 0, 0, 0, 0, 0, 0, 0}}).outputs[0],
                        test::numbers(9), 1e-11));
    // Two planes that turn by the same angle.
    test::numbers twice(16);
    twice[1] = twice[11] = 0.75;
    CHECK(test::close(test::interpret<pm::shape<4, 4>>(there_and_back, {twice}).outputs[0], test::numbers(16), 1e-14));
    CHECK(test::interpret<pm::shape<1, 1>>(logarithm, {{1}}).outputs[0] == test::numbers{0});
}
TEST_CASE("op: rotation_log's gradient, with equal angles and none too") {
    CHECK(test::gradient_is_right<pm::shape<4, 4>, pm::shape<4, 4>>(of_product, {small(16, 0.5), small(16, 1)}));
    CHECK(test::gradient_is_right<pm::shape<3, 3>, pm::shape<3, 3>>(of_product, {small(9, 0.5), small(9, 1)}));
    CHECK(test::gradient_is_right<pm::shape<5, 5>, pm::shape<5, 5>>(of_product, {small(25, 0.3), small(25, 0.3)}));
    test::numbers twice(16), still(16);
    twice[1] = twice[11] = 0.75;
    CHECK(test::gradient_is_right<pm::shape<4, 4>, pm::shape<4, 4>>(of_product, {twice, still}));
    CHECK(test::gradient_is_right<pm::shape<4, 4>, pm::shape<4, 4>>(of_product, {still, still}));
}
TEST_CASE("op: rotation_log refuses reflections, half turns and what is no rotation") {
    for (test::numbers const& q : {test::numbers{1, 0, 0, -1}, test::numbers{-1, 0, 0, -1}, test::numbers{1, 1, 0, 1},
                                   test::numbers{1, std::numeric_limits<double>::quiet_NaN(), 0, 1}}) {
        auto const r = test::interpret<pm::shape<2, 2>>(logarithm, {q});
        REQUIRE_FALSE(r.status.ok());
        CHECK(std::string(r.status.failed) == "rotation_log: the matrix is no rotation, or it turns by pi");
        using P = test::value_program_of<decltype(logarithm), float, pm::shape<2, 2>>;
        CHECK_FALSE(test::run_kernel<P, pm::simd::best<float>>({q}).status.ok());
    }
}
TEST_CASE("op: rotation_log agrees three ways, with its gradient") {
    using P = test::program_of<decltype(of_product), float, pm::shape<9, 9>, pm::shape<9, 9>>;
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -0.3, 0.3), 2e-5);
    using D = test::program_of<decltype(of_product), double, pm::shape<5, 5>, pm::shape<5, 5>>;
    test::expect_same_on<D>(test::arguments_for(test::simplified<D>(), -0.3, 0.3), 1e-12);
}
