// Row products: a row times the transpose of a matrix, and the loop that alone reads the product (a bias is added, an
// activation applied). Run as one step, the product never gets memory: each of its elements is finished in registers,
// as a hand-written loop over a layer's outputs does it. A program asks for it by `fuses_row_products`; those of
// targets do (embed/network.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/row_groups.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Is step t a row product that the loop t + 1 completes?
struct row_products {
    bool at[max_steps];
};

namespace detail {

// An operation whose result, one row, can be computed element by element: it says so by `row_product`, a function of
// the graph and the node.
constexpr bool is_row_product(graph const& g, node const& n) {
    return n.operation->has_rows && n.operation->row_product(g, n);
}

// Does the loop p read value v element by element, as it lies in memory, and nothing that hinders?
constexpr bool completes(graph const& g, schedule const& s, step const& p, int v) {
    if (p.node >= 0 || p.masked || p.space[0] * p.space[1] * p.space[2] != 1 || p.space[3] == 1 ||
        p.space[3] != g.shape_of(v).size())
        return false;
    bool reads = false;
    for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) {
        instruction const& x = s.code[i];
        if (x.kind != instruction::load) continue;
        bool const product = memory_of(g, x.source) == v;
        if (x.offset != 0 || (x.stride[3] != 1 && (product || x.stride[3] != 0))) return false;
        reads = reads || product;
    }
    for (int k = p.first_store; k < p.first_store + p.store_count; ++k)
        if (s.reduced[k] != 0 || (s.stores[k] >= 0 && s.subview_of(s.stores[k]).within >= 0)) return false;
    return reads;
}

}  // namespace detail

constexpr row_products find_row_products(graph const& g, schedule const& s, row_groups const& rows) {
    row_products found{};
    for (int t = 0; t + 1 < s.step_count; ++t) {
        step const& p = s.steps[t];
        if (p.node < 0 || rows.of[t].images != 0 || rows.of[t + 1].block != 0 ||
            !detail::is_row_product(g, g.nodes[p.node]))
            continue;
        int const v = g.nodes[p.node].first;
        bool alone = detail::completes(g, s, s.steps[t + 1], v);
        for (int k = 0; k < g.output_count && alone; ++k) alone = memory_of(g, g.outputs[k]) != v;
        for (int u = 0; u < s.step_count && alone; ++u) {
            if (u == t + 1) continue;
            step const& other = s.steps[u];
            if (other.node >= 0) {
                node const& n = g.nodes[other.node];
                for (int k = 0; k < n.operation->arity; ++k) alone = alone && memory_of(g, n.argument[k]) != v;
            } else
                for (int i = other.bodies[middle].first; i < other.bodies[middle].last; ++i)
                    alone = alone && (s.code[i].kind != instruction::load || memory_of(g, s.code[i].source) != v);
        }
        found.at[t] = alone;
    }
    return found;
}

}  // namespace paramorph::inline PARAMORPH_ABI
