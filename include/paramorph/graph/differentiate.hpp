// Reverse mode as a pass: graph in, graph out. Appends, for every node on a path from a wanted value to `output`, the
// nodes that its operation's derivative rule pushes (Griewank and Walther, Evaluating Derivatives, chapter 3.2).
//
// Where an element was not taken (by where, relu, clamp, min ...) nothing flows back, however steep the way is: a
// cotangent `where(condition, c, 0)` is not multiplied by a slope, which may be infinite or NaN exactly there. The rule
// gets c, and what it answers is chosen by the condition anew. So the choice wanders with the adjoint, through
// elementwise operations and views.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Is one broadcast to the other, axis by axis?
constexpr bool are_broadcast(extents const& a, extents const& b) {
    for (int k = 0; k < max_rank; ++k)
        if (a.from_end(k) != b.from_end(k) && a.from_end(k) != 1 && b.from_end(k) != 1) return false;
    return true;
}
// A cotangent of a broadcast argument is summed down to the argument's shape.
constexpr int reduced_to(graph& g, int cotangent, extents const& s) {
    if (g.shape_of(cotangent) == s) return cotangent;
    attributes a{{-1, -1, -1, -1}};
    for (int k = 0; k < s.rank; ++k) a.v[k] = s.d[k];
    return g.push(node{g.reduce, {cotangent}, a, 0, nullptr, 0});
}

// A cotangent that is c where a condition holds (or does not hold), and zero elsewhere.
struct choice {
    int condition = -1, zero = -1, c = -1;
    bool holds = true;
    constexpr bool same_condition(choice const& other) const { return condition >= 0 && condition == other.condition; }
};
constexpr choice choice_of(graph const& g, int v) {
    node const& n = g.producer_of(v);
    if (!g.choose || n.operation->id != g.choose->id) return {};
    auto const zero = [&](int a) { return g.is_constant(a) && g.producer_of(a).number == 0; };
    if (zero(n.argument[2])) return {n.argument[0], n.argument[2], n.argument[1], true};
    if (zero(n.argument[1])) return {n.argument[0], n.argument[1], n.argument[2], false};
    return {};
}
constexpr int chosen(graph& g, int condition, int x, int y) {
    return g.push(node{g.choose, {condition, x, y}, {}, 0, nullptr, 0});
}
constexpr int chosen(graph& g, choice const& by, int x) {
    return by.holds ? chosen(g, by.condition, x, by.zero) : chosen(g, by.condition, by.zero, x);
}

// The sum of two cotangents; of two that are chosen by one condition it is chosen as well.
constexpr int sum_of_cotangents(graph& g, int x, int y) {
    choice const a = choice_of(g, x), b = choice_of(g, y);
    if (!a.same_condition(b)) return g.push(node{g.sum, {x, y}, {}, 0, nullptr, 0});
    if (a.holds == b.holds) return chosen(g, a, sum_of_cotangents(g, a.c, b.c));
    return a.holds ? chosen(g, a.condition, a.c, b.c) : chosen(g, a.condition, b.c, a.c);
}

// What an operation's rule gives for a chosen cotangent.
inline constexpr int most_choices = 4;
constexpr void derive_chosen(graph& g, node const& n, adjoint& a) {
    int const cotangent = a.cotangent[0];
    bool const elementwise = n.operation->kind == category::elementwise;
    choice by[most_choices];
    int count = 0;
    // A view moves the condition like the cotangent, so both must have its result's shape.
    auto const moves = [&](choice const& x) {
        return elementwise ||
               (g.shape_of(x.condition) == g.shape_of(n.first) && g.shape_of(x.c) == g.shape_of(n.first));
    };
    for (choice x = choice_of(g, cotangent); x.condition >= 0 && count < most_choices && moves(x);
         x = choice_of(g, x.c)) {
        by[count++] = x;
        a.cotangent[0] = x.c;
    }
    int const before = g.size;
    n.operation->derive(g, n, a);
    if (count == 0) return;
    // A rule that does more than that needs the whole cotangent.
    for (int i = before; i < g.size; ++i)
        if (elementwise && g.nodes[i].operation->kind != category::elementwise &&
            g.nodes[i].operation->kind != category::constant) {
            a = adjoint{};
            a.cotangent[0] = cotangent;
            n.operation->derive(g, n, a);
            return;
        }
    if (!elementwise) {
        // One to one: what it answers is a view again.
        auto const is_view = [&](int v) {
            category const kind = v < 0 ? category::leaf : g.producer_of(v).operation->kind;
            return kind == category::view || kind == category::alias;
        };
        int v = a.of_argument[0];
        bool moves_all = is_view(v);
        for (int k = count - 1; k >= 0 && moves_all; --k) {
            adjoint of_condition;
            of_condition.cotangent[0] = by[k].condition;
            n.operation->derive(g, n, of_condition);
            by[k].condition = of_condition.of_argument[0];
            moves_all = is_view(by[k].condition);
            v = moves_all ? chosen(g, by[k], v) : v;
        }
        if (moves_all) {
            a.of_argument[0] = v;
        } else {
            a = adjoint{};
            a.cotangent[0] = cotangent;
            n.operation->derive(g, n, a);
        }
        return;
    }
    for (int i = 0; i < n.operation->arity; ++i) {
        int& v = a.of_argument[i];
        if (v == a.cotangent[0])
            v = cotangent;
        else
            for (int k = count - 1; k >= 0 && v >= 0; --k) v = chosen(g, by[k], v);
    }
}

// Does its rule only move elements, one to one?
constexpr bool only_moves(graph const& g, node const& n) {
    return (n.operation->kind == category::view || n.operation->kind == category::alias) &&
           g.shape_of(n.first).size() == g.shape_of(n.argument[0]).size();
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

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
        if (!n.operation->flat)
            for (int k = 0; k < n.operation->arity && !s.active[i]; ++k)
                s.active[i] = s.active[g.values[n.argument[k]].producer];
    }
    for (int k = 0; k < request.output_count; ++k) {
        std::int16_t& to = s.adjoint[request.outputs[k]];
        to = static_cast<std::int16_t>(
            (to ? detail::sum_of_cotangents(g, to - 1, request.seeds[k]) : request.seeds[k]) + 1);
    }
    for (int i = original_size - 1; i >= 0; --i) {
        if (!s.active[i] || g.nodes[i].operation->arity == 0 || g.nodes[i].operation->flat) continue;
        node const n = g.nodes[i];
        adjoint a;
        bool any = false;
        for (int r = 0; r < n.operation->results; ++r) {
            a.cotangent[r] = s.adjoint[n.first + r] - 1;
            any = any || a.cotangent[r] >= 0;
        }
        if (!any) continue;
        bool const by_elements = n.operation->kind == category::elementwise && !n.operation->composite;
        if (n.operation->differentiable && (by_elements || detail::only_moves(g, n)))
            detail::derive_chosen(g, n, a);
        else
            n.operation->derive(g, n, a);
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = n.argument[k];
            if (a.of_argument[k] < 0 || !s.active[g.values[v].producer]) continue;
            if (!detail::are_broadcast(g.shape_of(a.of_argument[k]), g.values[v].shape))
                refused::a_derive_gives_an_adjoint_of_another_shape_than_the_argument_has();
            int const d = detail::reduced_to(g, a.of_argument[k], g.values[v].shape);
            s.adjoint[v] =
                static_cast<std::int16_t>((s.adjoint[v] ? detail::sum_of_cotangents(g, s.adjoint[v] - 1, d) : d) + 1);
        }
    }
    for (int k = 0; k < request.wanted_count; ++k) request.adjoints[k] = s.adjoint[request.wanted[k]] - 1;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
