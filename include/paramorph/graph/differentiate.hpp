// Reverse mode as a pass: graph in, graph out. Appends, for every node on a path from a wanted value to `output`, the
// nodes that its operation's derivative rule pushes (Griewank and Walther, Evaluating Derivatives, chapter 3.2).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A cotangent of a broadcast argument is summed down to the argument's shape.
constexpr int reduced_to(graph& g, int cotangent, extents const& s) {
    if (g.shape_of(cotangent) == s) return cotangent;
    attributes a{{-1, -1, -1, -1}};
    for (int k = 0; k < s.rank; ++k) a.v[k] = s.d[k];
    return g.push(node{g.reduce, {cotangent}, a, 0, nullptr, 0});
}

}  // namespace detail

// `seeds[k]` is the cotangent of `outputs[k]`; `adjoints[k]` becomes the value that holds the gradient for `wanted[k]`,
// or -1 where nothing reaches it.
struct derivative_request {
    int const* outputs;
    int const* seeds;
    int output_count;
    int const* wanted;
    int* adjoints;
    int wanted_count;
};

constexpr void differentiate(graph& g, derivative_request const& request) {
    struct scratch {
        std::int16_t adjoint[max_values];  // 0: none yet, else value + 1
        bool active[max_nodes];            // depends on a wanted value
    } s{};
    for (int k = 0; k < request.wanted_count; ++k) s.active[g.values[request.wanted[k]].producer] = true;
    int const original_size = g.size;
    for (int i = 0; i < original_size; ++i) {
        node const& n = g.nodes[i];
        int const arity = n.operation->arity;
        if (n.operation->differentiable && arity > 0)
            s.active[i] = s.active[g.values[n.argument[0]].producer] ||
                          (arity > 1 && s.active[g.values[n.argument[1]].producer]) ||
                          (arity > 2 && s.active[g.values[n.argument[2]].producer]) ||
                          (arity > 3 && s.active[g.values[n.argument[3]].producer]);
    }
    for (int k = 0; k < request.output_count; ++k) {
        std::int16_t& to = s.adjoint[request.outputs[k]];
        to = static_cast<std::int16_t>(
            (to ? g.push(node{g.sum, {to - 1, request.seeds[k]}, {}, 0, nullptr, 0}) : request.seeds[k]) + 1);
    }
    for (int i = original_size - 1; i >= 0; --i) {
        if (!s.active[i] || g.nodes[i].operation->arity == 0) continue;
        node const n = g.nodes[i];
        adjoint a;
        bool any = false;
        for (int r = 0; r < n.operation->results; ++r) {
            a.cotangent[r] = s.adjoint[n.first + r] - 1;
            any = any || a.cotangent[r] >= 0;
        }
        if (!any) continue;
        n.operation->derive(g, n, a);
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = n.argument[k];
            if (a.of_argument[k] < 0 || !s.active[g.values[v].producer]) continue;
            int const d = detail::reduced_to(g, a.of_argument[k], g.values[v].shape);
            s.adjoint[v] = static_cast<std::int16_t>(
                (s.adjoint[v] ? g.push(node{g.sum, {s.adjoint[v] - 1, d}, {}, 0, nullptr, 0}) : d) + 1);
        }
    }
    for (int k = 0; k < request.wanted_count; ++k) request.adjoints[k] = s.adjoint[request.wanted[k]] - 1;
}

}  // namespace paramorph::inline PARAMORPH_ABI
