// Products of vectors, matrices and stacks of matrices: value against plain loops, derivative against finite
// differences, which products become one, and interpreter against kernels at shapes around the vector widths.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/matmul.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

constexpr auto product = [](auto a, auto b) { return pm::matmul(a, b); };
constexpr auto turned = [](auto a, auto b) {
    return std::tuple{pm::matmul(a, pm::transpose(b)), pm::matmul(pm::transpose(a), b),
                      pm::matmul(pm::transpose(a * 2.0), pm::transpose(pm::permute<0, 2, 1>(b)))};
};

test::numbers counted(int n) {
    test::numbers x;
    for (int i = 0; i < n; ++i) x.push_back(i % 7 - 3);
    return x;
}

// Stacks of outer x middle matrices, the arguments' own stacks being that or 1 along each axis.
template <class A, class B, class C>
void check_stacks() {
    pm::extents const a = A::value, b = B::value, c = C::value;
    auto const g = std::make_unique<pm::ir::graph>(test::trace<double, A, B>(product));
    CHECK(g->shape_of(g->outputs[0]) == c);
    test::numbers const x = counted(a.size()), y = counted(b.size());
    int const m = a.from_end(1), k = a.from_end(0), n = b.from_end(0);
    test::numbers expected;
    for (int o = 0; o < c.from_end(3); ++o)
        for (int p = 0; p < c.from_end(2); ++p) {
            auto const place = [&](pm::extents const& s) {
                return ((s.from_end(3) > 1 ? o : 0) * s.from_end(2) + (s.from_end(2) > 1 ? p : 0)) * s.from_end(1) *
                       s.from_end(0);
            };
            for (int i = 0; i < m; ++i)
                for (int j = 0; j < n; ++j) {
                    double total = 0;
                    for (int l = 0; l < k; ++l)
                        total += x[static_cast<std::size_t>(place(a) + i * k + l)] *
                                 y[static_cast<std::size_t>(place(b) + l * n + j)];
                    expected.push_back(total);
                }
        }
    CHECK(test::interpret<A, B>(product, {x, y}).outputs[0] == expected);
    test::expect_gradient<A, B>(product);
}

}  // namespace

TEST_CASE("op: matmul of stacks of matrices") {
    check_stacks<pm::shape<2, 3, 4>, pm::shape<2, 4, 2>, pm::shape<2, 3, 2>>();
    check_stacks<pm::shape<2, 3, 4>, pm::shape<4, 2>, pm::shape<2, 3, 2>>();
    check_stacks<pm::shape<3, 4>, pm::shape<2, 4, 2>, pm::shape<2, 3, 2>>();
    check_stacks<pm::shape<2, 1, 3, 4>, pm::shape<3, 4, 2>, pm::shape<2, 3, 3, 2>>();
    check_stacks<pm::shape<3, 1, 4>, pm::shape<2, 1, 4, 2>, pm::shape<2, 3, 1, 2>>();
    check_stacks<pm::shape<3, 4>, pm::shape<1, 1, 4, 2>, pm::shape<1, 1, 3, 2>>();
    check_stacks<pm::shape<2, 3, 1>, pm::shape<2, 1, 2>, pm::shape<2, 3, 2>>();
    test::expect_gradient<pm::shape<2, 3, 3>, pm::shape<2, 3, 3>>(turned);
}

TEST_CASE("op: matmul of vectors with stacks of matrices") {
    CHECK(test::interpret<pm::shape<2>, pm::shape<2, 2, 3>>(product, {{1, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}})
              .outputs[0] == test::numbers{6, 9, 12, 24, 27, 30});
    CHECK(
        test::interpret<pm::shape<2, 2, 3>, pm::shape<3>>(product, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {1, 0, 2}})
            .outputs[0] == test::numbers{4, 13, 22, 31});
    test::expect_gradient<pm::shape<2>, pm::shape<3, 2, 3>>(product);
    test::expect_gradient<pm::shape<2, 2, 2, 3>, pm::shape<3>>(product);
}

TEST_CASE("op: dot") {
    auto const f = [](auto x, auto y) { return pm::dot(x, y); };
    auto const y = test::interpret<pm::shape<3>, pm::shape<3>>(f, {{1, 2, 3}, {1, 0, 2}});
    CHECK(y.outputs[0] == test::numbers{7});
    test::expect_gradient<pm::shape<5>, pm::shape<5>>([](auto a, auto b) { return pm::dot(a * a, b) * pm::dot(a, a); });
    // One loop computes the arguments, sums their products up, and computes both adjoints.
    auto const p =
        test::gradient_passes<pm::shape<8>, pm::shape<8>>([](auto a, auto b) { return pm::dot(a * 2.0, b); });
    CHECK(p.plan->fused_steps == 1);
    CHECK(p.plan->step_count == 1);
    CHECK(p.memory->bytes == 0);
}

TEST_CASE("op: which products become one") {
    // A stack times one matrix, and its gradient: plain products of all rows.
    auto const p = test::gradient_passes<pm::shape<5, 3, 4>, pm::shape<4, 2>>(product);
    CHECK(p.plan->dense_steps == 3);
    CHECK(p.count("reduce_to") == 0);
    for (int i = 0; i < p.simple->size; ++i)
        if (p.simple->nodes[i].operation->name == "matmul")
            CHECK(p.simple->shape_of(p.simple->nodes[i].first).rank == 2);
    // A column times a row is elementwise: the gradient of a matrix that is applied to a vector.
    auto const q = test::gradient_passes<pm::shape<6, 4>, pm::shape<4>>(product);
    CHECK(q.count("matmul") == 2);
    CHECK(q.count("multiply") == 1);
    CHECK(q.memory->bytes == 0);
    // Transposes of the last two axes are read in place, others are not mistaken for them.
    auto const r = test::passes<pm::shape<3, 4, 5>, pm::shape<3, 4, 6>>(
        [](auto a, auto b) { return pm::matmul(pm::transpose(a), b); });
    CHECK(r.plan->step_count == 1);
    auto const s = test::passes<pm::shape<4, 3, 5>, pm::shape<3, 5, 6>>(
        [](auto a, auto b) { return pm::matmul(pm::permute<1, 0, 2>(a), b); });
    CHECK(s.plan->step_count == 2);
}

TEST_CASE("kernel: products of stacks") {
    test::expect_agreement<float, pm::shape<2, 1, 5, 9>, pm::shape<3, 9, 8>>(product);
    test::expect_agreement<float, pm::shape<7, 5>, pm::shape<3, 5, 17>>(product);
    test::expect_agreement<double, pm::shape<3, 5, 4>, pm::shape<4, 3>>(product);
    test::expect_agreement<float, pm::shape<2, 9, 9>, pm::shape<2, 9, 9>>(turned);
}
TEST_CASE("kernel: products of vectors") {
    test::expect_agreement<float, pm::shape<33>, pm::shape<33>>(product);
    test::expect_agreement<double, pm::shape<3>, pm::shape<3>>(product);
    test::expect_agreement<float, pm::shape<9>, pm::shape<3, 9, 5>>(product);
    test::expect_agreement<float, pm::shape<3, 5, 17>, pm::shape<17>>(product);
    test::expect_agreement<float, pm::shape<8, 1>, pm::shape<1, 9>>(
        [](auto a, auto b) { return pm::tanh(pm::matmul(a, b)) * pm::matmul(a * a, b - 1.0); });
}

namespace {

// Is a matrix of this shape, or its transpose, computed in what is left of f when it is simplified?
template <class W, class... Input>
bool makes(auto const& f) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace<double, Input...>(f)));
    for (int k = 0; k < g->size; ++k) {
        pm::extents const s = g->shape_of(g->nodes[k].first);
        bool const same = s == W::value || (s.rank == 2 && s.d[0] == W::value.d[1] && s.d[1] == W::value.d[0]);
        if (same && g->nodes[k].operation->kind != pm::category::leaf) return true;
    }
    return false;
}
template <class... Input>
void check_factors(auto const& f) {
    CHECK_FALSE(makes<pm::shape<7, 11>, Input...>(f));
    test::expect_agreement<float, Input...>(f);
    test::expect_agreement<double, Input...>(f);
    test::expect_gradient<Input...>(f);
}
template <int Rank>
void check_rank() {
    using left = pm::shape<7, Rank>;
    using right = pm::shape<Rank, 11>;
    using w = pm::shape<7, 11>;
    using pm::matmul, pm::matmul_in_factors, pm::transpose;
    check_factors<pm::shape<3, 7>, left, right>(
        [](auto x, auto a, auto b) { return matmul(x, matmul_in_factors(a, b)); });
    check_factors<pm::shape<3, 11>, left, right>(
        [](auto x, auto a, auto b) { return matmul(x, transpose(matmul_in_factors(a, b))); });
    check_factors<pm::shape<11, 3>, left, right>(
        [](auto x, auto a, auto b) { return matmul(matmul_in_factors(a, b) * 0.25, x); });
    check_factors<pm::shape<3, 7>, left, right>(
        [](auto x, auto a, auto b) { return matmul(transpose(matmul_in_factors(a, b)), transpose(x)); });
    check_factors<pm::shape<1, 11>, left, right, w>(
        [](auto x, auto a, auto b, auto base) { return matmul(x, transpose(base + matmul_in_factors(a, b) * 0.5)); });
    check_factors<pm::shape<7, 1>, left, right, w>(
        [](auto x, auto a, auto b, auto base) { return matmul(transpose(x), matmul_in_factors(a, b) * 1.0 + base); });
}

}  // namespace

TEST_CASE("op: a product that may stay in its factors is not made for another one, value and gradient") {
    check_rank<1>();
    check_rank<2>();
}

TEST_CASE("op: a product is made where more than one product reads it, or where its factors cost more") {
    using left = pm::shape<7, 2>;
    using right = pm::shape<2, 11>;
    using w = pm::shape<7, 11>;
    CHECK(makes<w, pm::shape<3, 7>, left, right>([](auto x, auto a, auto b) {
        auto const product = pm::matmul_in_factors(a, b);
        return std::tuple{pm::matmul(x, product), pm::sum(product)};
    }));
    // 40 rows: 40 * 6 * 18 products in factors, 6 * 77 + 40 * 77 of the product, and 6 * 77 + 77 for a sum's term.
    using rows = pm::shape<40, 7>;
    CHECK(makes<w, rows, pm::shape<7, 6>, pm::shape<6, 11>>(
        [](auto x, auto a, auto b) { return pm::matmul(x, pm::matmul_in_factors(a, b)); }));
    CHECK(makes<w, rows, left, right, w>(
        [](auto x, auto a, auto b, auto base) { return pm::matmul(x, base + pm::matmul_in_factors(a, b)); }));
    // As it is written otherwise: what is multiplied first is the user's.
    CHECK(
        makes<w, pm::shape<3, 7>, left, right>([](auto x, auto a, auto b) { return pm::matmul(x, pm::matmul(a, b)); }));
}

TEST_CASE("op: a product with a diagonal matrix multiplies rows or columns") {
    using square = pm::shape<7, 7>;
    auto const right = [](auto x, auto d) { return pm::matmul(x, pm::transpose(pm::from_diagonal(d))); };
    auto const left = [](auto x, auto d) { return pm::matmul(pm::from_diagonal(d), pm::transpose(x)); };
    auto const check = [](auto const& f) {
        CHECK_FALSE(makes<square, pm::shape<3, 7>, pm::shape<7>>(f));
        test::expect_agreement<float, pm::shape<3, 7>, pm::shape<7>>(f);
        test::expect_gradient<pm::shape<3, 7>, pm::shape<7>>(f);
    };
    check(right);
    check(left);
    // Another diagonal is no diagonal matrix.
    auto const beside = [](auto x, auto d) { return pm::matmul(x, pm::from_diagonal<1>(d)); };
    test::expect_agreement<float, pm::shape<3, 8>, pm::shape<7>>(beside);
    // Nor is a diagonal with rows below it, which the gradient of a tall matrix's diagonal has.
    auto const tall = [](auto x, auto d) {
        return pm::matmul(x, pm::triu(pm::tril(pm::apply<pm::op::rows_of_diagonal, pm::attributes{{9, 0}}>(d))));
    };
    test::expect_agreement<float, pm::shape<3, 9>, pm::shape<7>>(tall);
    test::expect_gradient<pm::shape<3, 9>, pm::shape<7>>(tall);
}
