// The elements of a graph's values, computed node by node while the graph grows: a second, independent interpreter,
// written over coordinates. It decides whether an argument lies in an operation's domain, and evaluate() is compared
// with it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/evaluate.hpp"

namespace pm = paramorph;

namespace random_graphs {

// Storage is made once and used for many graphs. Labels and pivots are kept as integers, at the same positions.
struct numbers {
    pm::detail::scratch_array<double> real;
    pm::detail::scratch_array<std::int32_t> integer;
    int start[pm::ir::max_values]{};
    int used = 0, capacity;

    constexpr explicit numbers(int n) : real(n), integer(n), capacity(n) {}

    constexpr double* of(int v) { return real.data + start[v]; }
    constexpr double const* of(int v) const { return real.data + start[v]; }
    constexpr std::int32_t* labels_of(int v) { return integer.data + start[v]; }

    constexpr bool place(int v, int size) {
        start[v] = used;
        used += size;
        return used <= capacity;
    }

    // Coordinates in `s` of its element i, row-major.
    struct coordinates {
        int at[pm::max_rank]{};
        constexpr coordinates(pm::extents const& s, int i) {
            for (int k = s.rank - 1; k >= 0; --k) at[k] = i % s.d[k], i /= s.d[k];
        }
    };
    static constexpr int index_of(pm::extents const& s, int const (&at)[pm::max_rank]) {
        int i = 0;
        for (int k = 0; k < s.rank; ++k) i = i * s.d[k] + at[k];
        return i;
    }
    // The element of a broadcast argument that meets element i of the result.
    static constexpr int broadcast_index(pm::extents const& result, pm::extents const& argument, int i) {
        if (result == argument) return i;
        coordinates const c(result, i);
        int at[pm::max_rank]{};
        for (int k = 0; k < argument.rank; ++k) at[k] = argument.d[k] == 1 ? 0 : c.at[k + result.rank - argument.rank];
        return index_of(argument, at);
    }

    // Computes the results of a node; false: a requirement does not hold.
    constexpr bool run(pm::ir::graph const& g, pm::ir::node const& n) {
        pm::ir::descriptor const& op = *n.operation;
        pm::extents const& s = g.shape_of(n.first);
        pm::extents const from = op.arity > 0 ? g.shape_of(n.argument[0]) : pm::extents{};
        int const count = s.size();
        double* const r = of(n.first);
        double const* const x = op.arity > 0 ? of(n.argument[0]) : nullptr;
        switch (op.kind) {
            case pm::category::leaf:
                return true;
            case pm::category::constant:
                r[0] = n.number;
                return true;
            case pm::category::elementwise:
                for (int i = 0; i < count; ++i) {
                    double a[pm::max_arguments]{};
                    for (int k = 0; k < op.arity; ++k)
                        a[k] = of(n.argument[k])[broadcast_index(s, g.shape_of(n.argument[k]), i)];
                    r[i] = op.scalar(a);
                }
                return true;
            case pm::category::view: {
                pm::ir::view_map const m = op.view(g, n);
                for (int i = 0; i < count; ++i) {
                    coordinates const c(s, i);
                    int at[pm::max_rank]{};
                    for (int k = 0; k < from.rank; ++k)
                        at[k] = m.offset[k] + (m.axis[k] < 0 ? 0 : m.step[k] * c.at[m.axis[k]]) +
                                (m.second[k] < 0 ? 0 : m.second_step[k] * c.at[m.second[k]]);
                    r[i] = x[index_of(from, at)];
                }
                return true;
            }
            case pm::category::mask:
                for (int i = 0; i < count; ++i) {
                    coordinates const c(s, i);
                    int const distance = c.at[s.rank - 1] - c.at[s.rank - 2];
                    r[i] = n.attribute.v[1] * (distance - n.attribute.v[0]) >= 0 ? x[i] : 0;
                }
                return true;
            case pm::category::diagonal:
                for (int i = 0; i < count; ++i) r[i] = i % s.d[1] - i / s.d[1] == n.attribute.v[2] ? 1 : 0;
                return true;
            case pm::category::alias:
                for (int i = 0; i < count; ++i) r[i] = x[i];
                return true;
            case pm::category::reduction:
            case pm::category::dense: {
                pm::operands<double> o{};
                o.attribute = n.attribute;
                for (int k = 0; k < op.arity; ++k) {
                    o.shape[k] = g.shape_of(n.argument[k]);
                    o.argument[k] = of(n.argument[k]);
                    o.integer[k] = labels_of(n.argument[k]);
                }
                for (int k = 0; k < op.results; ++k) {
                    o.result[k] = of(n.first + k);
                    o.integer_result[k] = labels_of(n.first + k);
                }
                return op.compute(o).ok();
            }
        }
        throw "random graphs: numbers.hpp does not know how to compute this category of operations; add a case";
    }
};

}  // namespace random_graphs
