// The gradient of a random graph, as one program: its outputs, then the adjoints of its real leaves.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/simplify.hpp"
#include "table.hpp"

namespace random_graphs {

// Is the derivative with respect to the first argument that of the others, too: its lengths, or their reciprocals?
constexpr bool accounts_for_lengths(pm::ir::node const& n) {
    auto const name = n.operation->name;
    return name == op::along::name || name == op::over_length::name || name == op::over_deviation::name;
}

// Values whose dependence on the leaves no derivative rule describes.
struct opaque_values {
    bool of[pm::ir::max_values]{};

    constexpr explicit opaque_values(pm::ir::graph const& g) {
        for (int i = 0; i < g.size; ++i) {
            pm::ir::node const& n = g.nodes[i];
            int const results = entry_of(*n.operation).opaque;
            bool tainted = false;
            int const arguments = accounts_for_lengths(n) ? 1 : n.operation->arity;
            for (int k = 0; k < arguments; ++k) tainted = tainted || of[n.argument[k]];
            for (int r = 0; r < n.operation->results; ++r) of[n.first + r] = tainted || (results >> r & 1);
        }
    }
};

// Which outputs of a graph are differentiated (the others are opaque), and with respect to which leaves.
struct differentiated {
    int output[pm::ir::max_outputs]{}, leaf[pm::ir::max_outputs]{};
    int outputs = 0, leaves = 0, all_leaves = 0;

    constexpr explicit differentiated(pm::ir::graph const& g) {
        opaque_values const opaque(g);
        for (int k = 0; k < g.output_count; ++k)
            if (!opaque.of[g.outputs[k]]) output[outputs++] = k;
        for (; all_leaves < g.size && g.nodes[all_leaves].operation->kind == pm::category::leaf; ++all_leaves)
            if (g.values[all_leaves].type != pm::element::i32) leaf[leaves++] = all_leaves;
    }
};

// Appends the cotangents of the outputs as leaves, one each, and the adjoints of the real leaves as outputs; zeros for
// a leaf that nothing depends on.
constexpr void append_gradient(pm::ir::graph& g, differentiated const& d) {
    int values[pm::ir::max_outputs]{}, seeds[pm::ir::max_outputs]{}, adjoints[pm::ir::max_outputs]{};
    for (int k = 0; k < d.outputs; ++k) {
        int const v = g.outputs[d.output[k]], seed = push_with<pm::op::leaf>(g, pm::attributes{{d.all_leaves + k}});
        g.values[seed] = pm::ir::value{g.shape_of(v), g.real, g.values[seed].producer};
        values[k] = v;
        seeds[k] = seed;
    }
    pm::ir::differentiate(g, {values, seeds, d.outputs, d.leaf, adjoints, d.leaves});
    for (int k = 0; k < d.leaves; ++k)
        g.output(adjoints[k] >= 0 ? adjoints[k]
                                  : push_with<op::broadcast_to>(g, op::attributes_of(g.shape_of(d.leaf[k])),
                                                                pm::append_constant(g, 0)));
    g = pm::ir::compact(g);
}

}  // namespace random_graphs
