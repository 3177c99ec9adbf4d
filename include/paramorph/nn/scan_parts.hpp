// What a scan in a program's graph is made of, for the pass that replaces it (nn/scan_by_frames.hpp): the frames, the
// weight and bias of their products, the first state, the parameters, and from where each is read.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/scan_operations.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/transpose.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class P>
inline constexpr graph simplified_program = simplify(P::build());

template <class... Op>
constexpr bool has_scan(ops<Op...>) {
    return ((family_of<Op> == operation_family::scan) || ...);
}

// The value whose elements, in the order in which they lie in memory, are those of v.
constexpr int as_it_lies(graph const& g, int v) {
    while (true) {
        node const& n = g.producer_of(v);
        bool same = n.operation->kind == category::alias;
        if (n.operation->id == id_of<op::transpose>) {
            extents const& s = g.shape_of(n.argument[0]);
            same = true;
            for (int k = 0, last = -1; k < s.rank; ++k)
                if (int const axis = n.attribute.v[k]; s.d[axis] != 1) {
                    same = same && axis > last;
                    last = axis;
                }
        }
        if (!same) return v;
        v = n.argument[0];
    }
}

// What a scan in graph g is made of.
struct scan_parts {
    static constexpr int most = 12;
    int steps = 0;
    bool begins_with_number = false;
    double number = 0;
    int first = -1, frames = -1;  // values: the first state, the inputs or what their products are made of
    int weight = -1, bias = -1;   // of the products; -1: there is none
    int parameter[most]{}, parameters = 0;
    bool transposed[most]{};  // the parameter is the transpose of this matrix, which is read where it lies
    bool wants_last = false, wants_all = false;

    constexpr scan_parts(graph const& g, int node_index) {
        node const& n = g.nodes[node_index];
        steps = g.shape_of(n.argument[1]).d[0];
        first = as_it_lies(g, n.argument[0]);
        node const& begin = g.producer_of(first);
        if (begin.operation->id == id_of<op::broadcast_to> && g.is_constant(begin.argument[0])) {
            begins_with_number = true;
            number = g.producer_of(begin.argument[0]).number;
        }
        frames = as_it_lies(g, n.argument[1]);
        node const& sum = g.producer_of(frames);
        if (!find_product(g, frames) && sum.operation->id == id_of<op::add>)
            for (int k = 0; k < 2 && weight < 0; ++k) {
                int const other = as_it_lies(g, sum.argument[1 - k]), product = as_it_lies(g, sum.argument[k]);
                if (g.shape_of(other).size() * steps != g.shape_of(n.argument[1]).size() ||
                    g.shape_of(sum.argument[1 - k]).from_end(0) != g.shape_of(other).size())
                    continue;
                if (find_product(g, product)) bias = other;
            }
        if (n.operation->arity > 2) collect(g, n.argument[2]);
        auto const is_read = [&](int v) {
            for (int i = 0; i < g.size; ++i)
                for (int k = 0; k < g.nodes[i].operation->arity; ++k)
                    if (g.nodes[i].argument[k] == v) return true;
            for (int k = 0; k < g.output_count; ++k)
                if (g.outputs[k] == v) return true;
            return false;
        };
        wants_last = is_read(n.first);
        wants_all = is_read(n.first + 1);
    }

  private:
    // frames [steps, in] times the transpose of a weight: a row for each step.
    constexpr bool find_product(graph const& g, int v) {
        node const& p = g.producer_of(v);
        if (p.operation->id != id_of<op::matmul> || p.attribute.v[0] != 0 || p.attribute.v[1] != 1) return false;
        extents const &x = g.shape_of(p.argument[0]), &w = g.shape_of(p.argument[1]);
        if (x.rank != 2 || w.rank != 2 || x.d[0] != steps || x.d[1] > op::matmul::long_sum_from) return false;
        frames = as_it_lies(g, p.argument[0]);
        weight = p.argument[1];
        return true;
    }
    constexpr void collect(graph const& g, int v) {
        v = as_it_lies(g, v);
        node const& n = g.producer_of(v);
        if (n.operation->family == operation_family::packed)
            for (int k = 0; k < n.operation->arity; ++k) collect(g, n.argument[k]);
        else if (parameters++ < most) {
            transposed[parameters - 1] = n.operation->id == id_of<op::transpose> && g.shape_of(v).rank == 2;
            parameter[parameters - 1] = transposed[parameters - 1] ? n.argument[0] : v;
        }
    }
};

// A scan of program P: its parts, and from where each is read, an argument of the operation or a leaf of the program.
template <class P, int Node>
struct scan_in_program {
    static constexpr graph const& g = simplified_program<P>;
    static constexpr node const& call = g.nodes[Node];
    using step = typename find_operation<operation_closure<typename P::operations>,
                                         g.nodes[Node].operation->id.object>::type::step;
    static constexpr scan_parts parts{g, Node};
    static constexpr bool has_product = parts.weight >= 0;
    static constexpr int frame_size = has_product ? g.shape_of(parts.weight).d[1] : step::input_size;
    static constexpr bool has_one_result = step::build().outputs[0] == step::build().outputs[1];

    // Values that a step is given beside state and frame.
    struct constants {
        int count = 0, of[scan_parts::most + 2]{};
    };
    static constexpr constants given = [] {
        constants c;
        if (parts.weight >= 0) c.of[c.count++] = parts.weight;
        if (parts.bias >= 0) c.of[c.count++] = parts.bias;
        for (int k = 0; k < parts.parameters && k < scan_parts::most; ++k) c.of[c.count++] = parts.parameter[k];
        return c;
    }();
    static constexpr bool is_leaf(int v) { return g.producer_of(v).operation->kind == category::leaf; }
    static constexpr int leaf_of(int v) { return g.producer_of(v).attribute.v[0]; }
    // The arguments: the frames, the first state where it is no number, and what is given and is no leaf.
    struct arguments {
        int count = 0, of[scan_parts::most + 4]{};
        constexpr int find(int v) const {
            for (int k = 0; k < count; ++k)
                if (of[k] == v) return k;
            return -1;
        }
    };
    static constexpr arguments args = [] {
        arguments a;
        a.of[a.count++] = parts.frames;
        if (!parts.begins_with_number) a.of[a.count++] = parts.first;
        for (int k = 0; k < given.count; ++k)
            if (!is_leaf(given.of[k]) && a.find(given.of[k]) < 0) a.of[a.count++] = given.of[k];
        return a;
    }();
    static constexpr bool replaced = parts.parameters == step::parameters && args.count <= max_arguments;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
