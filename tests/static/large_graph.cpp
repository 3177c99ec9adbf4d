// A network of a thousand nodes passes lowering, simplification, differentiation, scheduling and memory planning within
// the compilers' default evaluation limits. On clang every constant takes at most 300,000 steps: large_graph_steps
// compiles this file with that limit.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/graph/schedule.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"

namespace pm = paramorph;

namespace {

using square = pm::shape<8, 8>;
using matrix = pm::symbol<square, float>;

// One layer: ten nodes, of every kind that a loop holds, and a product.
constexpr matrix layer(matrix x, double scale) {
    auto const s = pm::triu(x) + pm::transpose(pm::triu<1>(x)) * scale;
    auto const y = pm::matmul(x, s);
    return {x.traced, pm::tanh(y * (scale + 0.5) + pm::identity<8>()).id};
}
constexpr int layers = 92;

constexpr pm::ir::graph traced = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto x = pm::append_leaf<square, float>(g, 0);
    pm::append_leaf<square, float>(g, 1);
    for (int k = 0; k < layers; ++k) x = layer(x, 1.0 / (k + 2));
    g.output(x.id);
    return g;
}();
static_assert(traced.size >= 1000, "the network has a thousand nodes");

constexpr pm::ir::graph simplified = pm::ir::simplify(traced);
static_assert(simplified.size <= traced.size);

// Elementwise nodes alone: a thousand of them share one loop.
constexpr pm::ir::graph elementwise = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto x = pm::append_leaf<square, float>(g, 0);
    for (int k = 0; k < 333; ++k) x = {x.traced, pm::tanh(x * (1.0 / (k + 2))).id};
    g.output(x.id);
    return g;
}();
static_assert(elementwise.size >= 999);
constexpr pm::ir::graph simple_elementwise = pm::ir::simplify(elementwise);
constexpr pm::ir::storage_assignment one_stage = pm::ir::assign_storage(simple_elementwise, pm::targets::host);
constexpr pm::ir::schedule one_loop = pm::ir::make_schedule(simple_elementwise, one_stage);
static_assert(one_loop.step_count == 1, "a thousand elementwise nodes are one loop");
constexpr pm::ir::row_groups one_group = pm::ir::group_rows(simple_elementwise, one_loop, pm::targets::host);
constexpr pm::ir::memory_plan no_memory =
    pm::ir::plan_memory(simple_elementwise, one_loop, one_group, pm::targets::host);
static_assert(no_memory.bytes == 0);

// The whole program: value and gradient together have a thousand nodes.
constexpr pm::ir::graph with_gradient = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto x = pm::append_leaf<square, float>(g, 0);
    pm::append_leaf<square, float>(g, 1);
    for (int k = 0; k < layers / 2; ++k) x = layer(x, 1.0 / (k + 2));
    int const output[]{x.id}, seed[]{1}, wanted[]{0};
    int adjoint[1]{};
    pm::ir::differentiate(g, {output, seed, 1, wanted, adjoint, 1});
    g.output(x.id);
    g.output(adjoint[0]);
    return g;
}();
static_assert(with_gradient.size >= 1000, "value and gradient have a thousand nodes");

constexpr pm::ir::graph simple_gradient = pm::ir::simplify(with_gradient);
constexpr pm::ir::storage_assignment placed = pm::ir::assign_storage(simple_gradient, pm::targets::host);
constexpr pm::ir::schedule plan = pm::ir::make_schedule(simple_gradient, placed);
constexpr pm::ir::row_groups groups = pm::ir::group_rows(simple_gradient, plan, pm::targets::host);
constexpr pm::ir::memory_plan memory = pm::ir::plan_memory(simple_gradient, plan, groups, pm::targets::host);
static_assert(plan.dense_steps >= 3 * (layers / 2) - 2);
static_assert(memory.bytes > 0);

// A thousand nodes are scheduled and planned without their gradient, too.
constexpr pm::ir::storage_assignment value_placed = pm::ir::assign_storage(simplified, pm::targets::host);
constexpr pm::ir::schedule value_plan = pm::ir::make_schedule(simplified, value_placed);
constexpr pm::ir::row_groups value_groups = pm::ir::group_rows(simplified, value_plan, pm::targets::host);
constexpr pm::ir::memory_plan value_memory =
    pm::ir::plan_memory(simplified, value_plan, value_groups, pm::targets::host);
static_assert(value_memory.bytes > 0);
static_assert(value_plan.dense_steps == layers);

}  // namespace
