// Operations with as many arguments and results as one may have, elementwise and dense: interpreter, kernels, gradient.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/multiply.hpp"

namespace {

static_assert(pm::max_arguments == 8 && pm::max_results == 8);

// a b + c d + e f + g h.
struct sum_of_products : pm::op::elementwise<sum_of_products, 8> {
    static constexpr std::string_view name = "sum_of_products";
    using uses = pm::ops<pm::op::multiply>;
    template <class M, class V>
    static constexpr V value(V a, V b, V c, V d, V e, V f, V g, V h) {
        return a * b + c * d + (e * f + g * h);
    }
    static constexpr void derive(auto& g, pm::ir::node const& n, pm::adjoint& x) {
        for (int k = 0; k < arity; ++k) x.of_argument[k] = push<pm::op::multiply>(g, x.cotangent[0], n.argument[k ^ 1]);
    }
};
// Of five.
struct difference_of_products : pm::op::elementwise<difference_of_products, 5> {
    static constexpr std::string_view name = "difference_of_products";
    using uses = pm::ops<pm::op::multiply, pm::op::negate>;
    template <class M, class V>
    static constexpr V value(V a, V b, V c, V d, V e) {
        return a * b - c * d + e;
    }
    static constexpr void derive(auto& g, pm::ir::node const& n, pm::adjoint& x) {
        for (int k = 0; k < 4; ++k) {
            int const slope = push<pm::op::multiply>(g, x.cotangent[0], n.argument[k ^ 1]);
            x.of_argument[k] = k < 2 ? slope : push<pm::op::negate>(g, slope);
        }
        x.of_argument[4] = x.cotangent[0];
    }
};
// The tensors, each in the place of the one before it.
struct rotated : pm::op::dense<rotated, 8, 8> {
    static constexpr std::string_view name = "rotated";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int result) {
        return a[(result + 1) % 8];
    }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int k = 0; k < 8; ++k)
            for (int i = 0; i < x.shape[k].size(); ++i) x.result[(k + 7) % 8][i] = x.argument[k][i];
        return true;
    }
    static constexpr void derive(auto&, pm::ir::node const&, pm::adjoint& x) {
        for (int k = 0; k < 8; ++k) x.of_argument[k] = x.cotangent[(k + 7) % 8];
    }
};
constexpr auto in_one_loop = [](auto a, auto b, auto c, auto d) {
    return pm::apply_elementwise<sum_of_products>(a, b, c, d, b, a, d, c) +
           pm::apply_elementwise<sum_of_products>(d, a, 2.0, c, c, c, a, 0.5) +
           pm::apply_elementwise<difference_of_products>(a, d, c, b, d);
};
constexpr auto by_a_step = [](auto a, auto b, auto c, auto d) {
    auto const [s, t, u, v, w, x, y, z] = pm::apply<rotated, pm::attributes{}, 8>(a, b, c, d, d * d, a, b + c, c);
    return pm::apply_elementwise<sum_of_products>(s * w, x, y, z * a, t, u, v, v);
};
// Where a triangle is zero, fewer of the arguments are read, and numbers take the place of others.
constexpr auto by_triangles = [](auto a, auto b) {
    return pm::apply_elementwise<difference_of_products>(pm::tril(a), b, b, pm::triu(a * b), pm::transpose(a)) *
           pm::tril(pm::apply_elementwise<sum_of_products>(a, a, 0.5, b, pm::triu(b), a, b, pm::tril(b)));
};
// Nodes that differ in the last argument alone are two; in the order of the middle ones, too.
constexpr auto nearly_alike = [](auto a, auto b, auto c) {
    return std::tuple{pm::apply_elementwise<difference_of_products>(a, b, b, a, a),
                      pm::apply_elementwise<difference_of_products>(a, b, b, a, b),
                      pm::apply_elementwise<difference_of_products>(a, b, b, c, a),
                      pm::apply_elementwise<difference_of_products>(a, b, c, b, a)};
};
using matrix = pm::shape<5, 7>;
using row = pm::shape<7>;
using column = pm::shape<5, 1>;
using one = pm::shape<1>;

}  // namespace

TEST_CASE("eight arguments: one loop computes what their formula says") {
    test::outcome const r = test::interpret<row, row, row, row, row, row, row, row>(
        [](auto... x) { return pm::apply_elementwise<sum_of_products>(x...); },
        {test::numbers(7, 2), test::numbers(7, 3), test::numbers(7, 5), test::numbers(7, 7), test::numbers(7, 11),
         test::numbers(7, 13), test::numbers(7, 17), test::numbers(7, 19)});
    REQUIRE(r.status.ok());
    CHECK(r.outputs[0][6] == 2 * 3 + 5 * 7 + 11 * 13 + 17 * 19);
}
TEST_CASE("eight arguments: interpreter and kernels agree, broadcast, too") {
    test::expect_agreement<float, matrix, row, column, matrix>(in_one_loop);
    test::expect_agreement<double, row, matrix, matrix, pm::shape<>>(in_one_loop);
    test::expect_agreement<float, matrix, row, column, matrix>(by_a_step);
    test::expect_agreement<float, pm::shape<9, 9>, pm::shape<9, 9>>(by_triangles);
}
TEST_CASE("eight arguments and eight results: the gradients are those of finite differences") {
    test::expect_gradient<matrix, row, column, matrix>(in_one_loop);
    test::expect_gradient<matrix, row, column, matrix>(by_a_step);
}
TEST_CASE("five arguments: equal nodes are one, and others are not") {
    auto const r = test::interpret<one, one, one>(nearly_alike, {{2}, {3}, {5}});
    CHECK(r.outputs == test::arrays{{2}, {3}, {6 - 15 + 2}, {6 - 15 + 2}});
    auto const g = test::trace<float, one, one, one>(nearly_alike);
    CHECK(g.size == 3 + 4);
    CHECK(test::trace<float, one, one>([](auto a, auto b) {
              return pm::apply_elementwise<difference_of_products>(a, b, b, a, a) *
                     pm::apply_elementwise<difference_of_products>(a, b, b, a, a);
          }).size == 2 + 2);
}
TEST_CASE("eight arguments: concatenate is one step, of nine two") {
    auto const steps = [](auto const& f) {
        auto const g = std::make_unique<pm::ir::graph>(test::trace<float, row, row, row>(f));
        int n = 0;
        for (int i = 0; i < g->size; ++i) n += g->nodes[i].operation->name == "concatenate" ? 1 : 0;
        return n;
    };
    CHECK(steps([](auto a, auto b, auto c) { return pm::concatenate<0>(a, b, c, a, b, c, a, b); }) == 1);
    CHECK(steps([](auto a, auto b, auto c) { return pm::concatenate<0>(a, b, c, a, b, c, a, b, c); }) == 2);
    test::expect_agreement<float, row, column, matrix>([](auto a, auto b, auto c) {
        return pm::concatenate<0>(c, a + c, b + c, c * c, c, a * c, c, b * c, c);
    });
    // Cotangents of seven slices are put together, too.
    test::expect_gradient<pm::shape<7, 2>>([](auto a) {
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return (... + (pm::slice<0, K, K + 1>(a) * pm::slice<0, K, K + 1>(a) * (K + 1.0)));
        }(std::make_integer_sequence<int, 7>{});
    });
}
