// Simplification: graph in, graph out, same values. Numbers are folded, an operation's own algebra (x * 1, x + 0,
// transpose(transpose(x))) is applied through its descriptor, what no output needs is dropped. Never adds nodes,
// but where an operation's rewrite spells it in cheaper ones (x^-2 as a quotient and its square). No rule changes a
// value beyond rounding, but the sign of a zero (x + 0 is x, also where x is -0), and none takes a value on the way out
// of the range of the type where the graph as it was written stays in it (op/multiply.hpp says what that costs).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Marks the nodes that an output needs, and counts the live readers of every value.
struct liveness {
    bool node[max_nodes];
    std::int16_t readers[max_values];
};
constexpr liveness live_nodes(graph const& g) {
    liveness live{};
    for (int k = 0; k < g.output_count; ++k) {
        live.node[g.values[g.outputs[k]].producer] = true;
        ++live.readers[g.outputs[k]];
    }
    for (int i = g.size - 1; i >= 0; --i) {
        node const& n = g.nodes[i];
        if (!live.node[i]) continue;
        for (int k = 0; k < n.operation->arity; ++k) {
            live.node[g.values[n.argument[k]].producer] = true;
            ++live.readers[n.argument[k]];
        }
    }
    return live;
}

struct copier {
    graph const& from;
    graph to{};
    std::int16_t moved[max_values]{};

    constexpr explicit copier(graph const& g) : from(g) {
        to.real = g.real;
        to.sum = g.sum;
        to.choose = g.choose;
        to.reduce = g.reduce;
    }
    constexpr node remapped(node n) const {
        for (int k = 0; k < n.operation->arity; ++k) n.argument[k] = moved[n.argument[k]];
        return n;
    }
    constexpr void finish() {
        for (int k = 0; k < from.output_count; ++k) to.output(moved[from.outputs[k]]);
    }
};

// An elementwise operation with known arguments: a number, one of its arguments, or -1.
constexpr int folded_value(graph& g, node const& n) {
    descriptor const& op = *n.operation;
    known k[max_arguments];
    double x[max_arguments]{};
    bool all = true;
    for (int i = 0; i < op.arity; ++i) {
        node const& a = g.producer_of(n.argument[i]);
        k[i].constant = a.operation->kind == category::constant;
        k[i].number = x[i] = a.number;
        all = all && k[i].constant;
    }
    folded f;
    if (all)
        f = folded{folded::constant, 0, op.scalar(x)};
    else if (op.folds)
        f = op.fold(k);
    extents const s = op.infer(g, n, 0).shape;
    if (f.kind == folded::argument && g.shape_of(n.argument[f.index]) == s) return n.argument[f.index];
    if (f.kind == folded::constant && s.rank == 0) {
        int from = 0;
        while (from < op.arity && !k[from].constant) ++from;
        if (from == op.arity) return -1;
        node c{};
        c.operation = g.producer_of(n.argument[from]).operation;
        c.number = f.number;
        return g.push(c);
    }
    return -1;
}

constexpr int simplified_value(graph& g, node const& n);

// An elementwise operation on one value that a view repeats, and numbers: computed before it is repeated, or -1.
constexpr int repeated_later(graph& g, node n) {
    int from = -1;
    for (int k = 0; k < n.operation->arity; ++k) {
        int const a = n.argument[k];
        if (g.is_constant(a)) continue;
        node const& view = g.producer_of(a);
        if (view.operation->kind != category::view || g.readers[a] > 1 || (from >= 0 && from != a) ||
            g.shape_of(a).size() <= g.shape_of(view.argument[0]).size())
            return -1;
        from = a;
    }
    if (from < 0 || n.operation->infer(g, n, 0).shape != g.shape_of(from)) return -1;
    node view = g.producer_of(from);
    for (int k = 0; k < n.operation->arity; ++k)
        if (n.argument[k] == from) n.argument[k] = view.argument[0];
    view.argument[0] = simplified_value(g, n);
    return g.push(view);
}

// A sum of values that an operation makes beside one another (op/parts.hpp), also where one of them is a term of a sum
// that nothing else reads; or -1.
constexpr int sum_of_parts(graph& g, node const& n) {
    if (n.operation != g.sum) return -1;
    for (int k = 0; k < 2; ++k) {
        int const x = n.argument[k], y = n.argument[1 - k];
        descriptor const& op = *g.producer_of(x).operation;
        if (!op.sums || g.readers[x] > 1) continue;
        if (int const v = g.readers[y] > 1 ? -1 : op.summed(g, x, y); v >= 0) return v;
        node const& terms = g.producer_of(y);
        if (terms.operation != g.sum || g.readers[y] > 1 || g.shape_of(y) != g.shape_of(x)) continue;
        for (int j = 0; j < 2; ++j) {
            int const term = terms.argument[j], rest = terms.argument[1 - j];
            if (int const v = g.readers[term] > 1 ? -1 : op.summed(g, x, term); v >= 0)
                return simplified_value(g, node{g.sum, {v, rest}, {}, 0, nullptr, 0});
        }
    }
    return -1;
}

constexpr int simplified_value(graph& g, node const& n) {
    int v = -1;
    if (n.operation->kind == category::elementwise) v = folded_value(g, n);
    if (v < 0 && n.operation->kind == category::elementwise) v = repeated_later(g, n);
    if (v < 0 && g.sum) v = sum_of_parts(g, n);
    if (v < 0 && n.operation->rewrites) v = n.operation->rewrite(g, n);
    return v >= 0 ? v : g.push(n);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

// What `compact` applies beside dropping nodes: nothing, or every rewrite. Before differentiation a result that a
// derivative reads (sigmoid's is y - y^2) counts as read once more, so that a number beside it is not taken in.
enum class rewriting { none, all, before_differentiation };

// Leaves first and in their order, so that leaf k is value k; then what is live.
template <rewriting How = rewriting::none>
constexpr graph compact(graph const& g) {
    constexpr bool rewrites = How != rewriting::none;
    detail::liveness const live = detail::live_nodes(g);
    detail::copier c(g);
    c.to.derived_next = How == rewriting::before_differentiation;
    for (int i = 0; i < g.size; ++i) {
        if (g.nodes[i].operation->kind != category::leaf) continue;
        int const leaf = g.nodes[i].first, v = c.to.push(g.nodes[i]), producer = c.to.values[v].producer;
        c.to.values[v] = g.values[leaf];
        c.to.values[v].producer = producer;
        c.moved[leaf] = static_cast<std::int16_t>(v);
    }
    for (int i = 0; i < g.size; ++i) {
        if (!live.node[i] || g.nodes[i].operation->kind == category::leaf) continue;
        node const n = c.remapped(g.nodes[i]);
        bool const now = rewrites && !(How == rewriting::before_differentiation && n.operation->composite);
        int const first = now ? detail::simplified_value(c.to, n) : c.to.push(n);
        for (int k = 0; now && k < n.operation->arity; ++k)
            if (n.argument[k] == first) --c.to.readers[first];  // x * 1 is x: the product reads it no more
        int const derivatives =
            How == rewriting::before_differentiation && c.to.producer_of(first).operation->scales ? 1 : 0;
        for (int r = 0; r < n.operation->results; ++r) {
            c.moved[g.nodes[i].first + r] = static_cast<std::int16_t>(first + r);
            if (rewrites)
                c.to.readers[first + r] = static_cast<std::int16_t>(c.to.readers[first + r] + derivatives +
                                                                    live.readers[g.nodes[i].first + r]);
        }
    }
    c.finish();
    return c.to;
}

constexpr graph simplify(graph const& g) {
    return compact(compact<rewriting::all>(g));
}

// The same where the graph is differentiated next, and simplified again after that.
constexpr graph simplify_to_differentiate(graph const& g) {
    return compact(compact<rewriting::before_differentiation>(g));
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
