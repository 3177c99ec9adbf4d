// Operations with as many arguments and results as one may have, elementwise and dense: interpreter, kernels, gradient.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/multiply.hpp"

namespace {

// a b + c d.
struct sum_of_products : pm::op::elementwise<sum_of_products, 4> {
    static constexpr std::string_view name = "sum_of_products";
    using uses = pm::ops<pm::op::multiply>;
    template <class M, class V>
    static constexpr V value(V a, V b, V c, V d) {
        return a * b + c * d;
    }
    static constexpr void derive(auto& g, pm::ir::node const& n, pm::adjoint& x) {
        for (int k = 0; k < 4; ++k) x.of_argument[k] = push<pm::op::multiply>(g, x.cotangent[0], n.argument[k ^ 1]);
    }
};
// The tensors, each in the place of the one before it.
struct rotated : pm::op::dense<rotated, 4, 4> {
    static constexpr std::string_view name = "rotated";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int result) {
        return a[(result + 1) % 4];
    }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int k = 0; k < 4; ++k)
            for (int i = 0; i < x.shape[k].size(); ++i) x.result[(k + 3) % 4][i] = x.argument[k][i];
        return true;
    }
    static constexpr void derive(auto&, pm::ir::node const&, pm::adjoint& x) {
        for (int k = 0; k < 4; ++k) x.of_argument[k] = x.cotangent[(k + 3) % 4];
    }
};
constexpr auto in_one_loop = [](auto a, auto b, auto c, auto d) {
    return pm::apply_elementwise<sum_of_products>(a, b, c, d) + pm::apply_elementwise<sum_of_products>(d, a, 2.0, c);
};
constexpr auto by_a_step = [](auto a, auto b, auto c, auto d) {
    auto const [w, x, y, z] = pm::apply<rotated, pm::attributes{}, 4>(a, b, c, d);
    return pm::apply_elementwise<sum_of_products>(w * w, x, y, z * a);
};
using matrix = pm::shape<5, 7>;
using row = pm::shape<7>;
using column = pm::shape<5, 1>;

}  // namespace

TEST_CASE("four arguments: one loop computes what their formula says") {
    test::outcome const r = test::interpret<row, row, row, row>(
        [](auto... x) { return pm::apply_elementwise<sum_of_products>(x...); },
        {test::numbers(7, 2), test::numbers(7, 3), test::numbers(7, 5), test::numbers(7, 7)});
    REQUIRE(r.status.ok());
    CHECK(r.outputs[0][6] == 2 * 3 + 5 * 7);
}
TEST_CASE("four arguments: interpreter and kernels agree, broadcast, too") {
    test::expect_agreement<float, matrix, row, column, matrix>(in_one_loop);
    test::expect_agreement<double, row, matrix, matrix, pm::shape<>>(in_one_loop);
    test::expect_agreement<float, matrix, row, column, matrix>(by_a_step);
}
TEST_CASE("four arguments and four results: the gradients are those of finite differences") {
    test::expect_gradient<matrix, row, column, matrix>(in_one_loop);
    test::expect_gradient<matrix, row, column, matrix>(by_a_step);
}
