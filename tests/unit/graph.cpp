// The graph: equal nodes are merged, different ones are not; shapes are inferred; the capacity is an error with a
// sentence.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <string>

#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/triangle.hpp"

using square = pm::shape<4, 4>;

TEST_CASE("graph: equal nodes are merged") {
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, square>([](auto x) {
        auto const a = pm::exp(x) * 2.0, b = pm::exp(x) * 2.0;
        return std::tuple{a, b, a + b};
    }));
    CHECK(g->size == 5);  // leaf, exp, 2, multiply, add
    CHECK(g->outputs[0] == g->outputs[1]);
}

TEST_CASE("graph: operation, order of arguments, attributes and numbers tell nodes apart") {
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, square, square>([](auto x, auto y) {
        return std::tuple{x - y,       y - x,   x * y,   x + y,    pm::triu(x), pm::triu<1>(x),
                          pm::tril(x), x * 2.0, x * 3.0, x * -0.0, x * 0.0};
    }));
    for (int a = 0; a < g->output_count; ++a)
        for (int b = 0; b < a; ++b) CHECK(g->outputs[a] != g->outputs[b]);
}

TEST_CASE("graph: sentences tell requirements apart, by what they say") {
    static char const one[] = "x must be positive", other[] = "x must be positive";
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, square>([](auto x) {
        return std::tuple{pm::require(x, x > 0, one), pm::require(x, x > 0, other),
                          pm::require(x, x > 0, "x must be positiv"), pm::require(x, x > 1, one)};
    }));
    CHECK(g->outputs[0] == g->outputs[1]);
    CHECK(g->outputs[0] != g->outputs[2]);
    CHECK(g->outputs[0] != g->outputs[3]);
}

TEST_CASE("graph: the order of arguments that may be exchanged does not") {
    auto const g = std::make_unique<pm::ir::graph>(
        test::trace<float, square, square>([](auto x, auto y) { return std::tuple{x * y, y * x, x + y, y + x}; }));
    CHECK(g->outputs[0] == g->outputs[1]);
    CHECK(g->outputs[2] == g->outputs[3]);
}

TEST_CASE("graph: nodes stand in topological order and know their results") {
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, square, pm::shape<4, 2>>(
        [](auto a, auto b) { return pm::solve(a + 1.0, b) * pm::sum(pm::exp(a)); }));
    for (int i = 0; i < g->size; ++i) {
        pm::ir::node const& n = g->nodes[i];
        for (int k = 0; k < n.operation->arity; ++k) CHECK(g->values[n.argument[k]].producer < i);
        for (int r = 0; r < n.operation->results; ++r) CHECK(g->values[n.first + r].producer == i);
    }
}

TEST_CASE("graph: several results have shapes and types of their own") {
    auto const g = std::make_unique<pm::ir::graph>(
        test::trace<float, square, pm::shape<4, 2>>([](auto a, auto b) { return pm::solve(a, b); }));
    int const x = g->outputs[0];
    CHECK(g->shape_of(x) == pm::extents{2, {4, 2}});
    CHECK(g->shape_of(x + 1) == pm::extents{2, {4, 4}});
    CHECK(g->shape_of(x + 2) == pm::extents{1, {4}});
    CHECK(g->values[x + 2].type == pm::element::i32);
    CHECK(g->values[x].type == pm::element::f32);
}

TEST_CASE("graph: more nodes than the capacity are an error with a sentence") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
    int v = pm::append_leaf<square, float>(*g, 0).id;
    std::string said;
    int pushed = 1;
    try {
        for (; pushed < 2 * pm::ir::max_nodes; ++pushed) v = push<pm::op::exp<>>(*g, v);
    } catch (char const* sentence) {
        said = sentence;
    }
    CHECK(pushed == pm::ir::max_nodes);
    CHECK_THAT(said, Catch::Matchers::ContainsSubstring("more than 4096 nodes"));
}

TEST_CASE("graph: more outputs than the capacity are an error with a sentence") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
    int const v = pm::append_leaf<square, float>(*g, 0).id;
    for (int k = 0; k < pm::ir::max_outputs; ++k) g->output(v);
    std::string said;
    try {
        g->output(v);
    } catch (char const* sentence) {
        said = sentence;
    }
    CHECK_THAT(said, Catch::Matchers::ContainsSubstring("256 outputs"));
}

TEST_CASE("graph: the hash finds every one of a thousand nodes again") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
    int const x = pm::append_leaf<square, float>(*g, 0).id;
    std::vector<int> made;
    for (int k = 0; k < 1000; ++k) made.push_back(push<pm::op::multiply>(*g, x, pm::append_constant(*g, k)));
    int const size = g->size;
    for (int k = 0; k < 1000; ++k)
        CHECK(push<pm::op::multiply>(*g, x, pm::append_constant(*g, k)) == made[static_cast<std::size_t>(k)]);
    CHECK(g->size == size);
}
