// Row products: a row times the transpose of a matrix, with vectors also times a matrix, and the loop that alone reads
// the product (a bias is added, an activation applied). Run as one step, the product never gets memory: each of its
// elements is finished in registers, as a hand-written loop over a layer's outputs does it. Such a loop may read a
// product in several parts, as the gates of a recurrent layer, and may complete several products. Without vectors it
// completes convolutions of one image, too, by tiles of the result. A program asks for it by `fuses_row_products`;
// those of targets do (embed/network.hpp), and with vectors the step of a scan (nn/scan_programs.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/row_groups.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// How many steps after step t comes the loop that completes its product; 0: none does. Products of one loop follow one
// another.
struct row_products {
    std::uint8_t at[max_steps];
    // Does step t run with one before it?
    constexpr bool ran_before(int t) const { return t > 0 && at[t - 1] == at[t] + 1; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// A product in parts: so many at most, whose sums run side by side.
inline constexpr int most_parts_of_product = 4;

// An operation whose result, one row, can be computed element by element: it says so by `row_product`, a function of
// the graph and the node. One that is `in_planes` is computed by tiles of its last two or three axes.
constexpr bool is_row_product(graph const& g, node const& n, target const& machine) {
    return n.operation->has_rows && n.operation->row_product(g, n, machine.lanes(g.real) > 1);
}

// Has the loop the last axes of v, in their order?
constexpr bool walks_planes(graph const& g, step const& p, int v) {
    extents const& s = g.shape_of(v);
    return p.space[0] == 1 && p.space[1] == (s.rank > 3 ? s.from_end(2) : 1) && p.space[2] == s.from_end(1) &&
           p.space[3] == s.from_end(0);
}

// Does the loop p read value v element by element, as it lies in memory, and nothing that hinders?
constexpr bool completes(graph const& g, schedule const& s, step const& p, int v, bool in_planes) {
    int const columns = p.space[3];
    if (p.node >= 0 || p.masked || columns == 1) return false;
    if (in_planes ? !walks_planes(g, p, v)
                  : p.space[0] * p.space[1] * p.space[2] != 1 || g.shape_of(v).size() % columns != 0 ||
                        g.shape_of(v).size() / columns > most_parts_of_product)
        return false;
    bool reads = false;
    for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) {
        instruction const& x = s.code[i];
        if (x.kind != instruction::load) continue;
        bool const product = memory_of(g, x.source) == v;
        if (x.stride[3] != 1 && (product || x.stride[3] != 0)) return false;
        if (product && (in_planes ? x.offset != 0 || (p.space[2] > 1 && x.stride[2] != columns) ||
                                        (p.space[1] > 1 && x.stride[1] != columns * p.space[2])
                                  : x.offset % columns != 0))
            return false;
        reads = reads || product;
    }
    for (int k = p.first_store; k < p.first_store + p.store_count; ++k)
        if (s.reduced[k] != 0 || s.subview_of(s.stores[k].stored()).within >= 0) return false;
    return reads;
}

// Does nothing but step `reader` read value v?
constexpr bool only_read_by(graph const& g, schedule const& s, int v, int reader) {
    for (int k = 0; k < g.output_count; ++k)
        if (memory_of(g, g.outputs[k]) == v) return false;
    for (int u = 0; u < s.step_count; ++u) {
        if (u == reader) continue;
        step const& other = s.steps[u];
        if (other.node >= 0) {
            node const& n = g.nodes[other.node];
            for (int k = 0; k < n.operation->arity; ++k)
                if (memory_of(g, n.argument[k]) == v) return false;
        } else
            for (int i = other.bodies[middle].first; i < other.bodies[middle].last; ++i)
                if (s.code[i].kind == instruction::load && memory_of(g, s.code[i].source) == v) return false;
    }
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr row_products find_row_products(graph const& g, schedule const& s, row_groups const& rows,
                                         target const& machine) {
    row_products found{};
    for (int loop = 1; loop < s.step_count; ++loop) {
        if (s.steps[loop].node >= 0 || rows.of[loop].block != 0 || rows.of[loop].images != 0) continue;
        for (int t = loop - 1; t >= 0; --t) {
            step const& p = s.steps[t];
            if (p.node < 0 || rows.of[t].images != 0 || !detail::is_row_product(g, g.nodes[p.node], machine)) break;
            node const& n = g.nodes[p.node];
            bool const in_planes = n.operation->in_planes;
            if (in_planes && (machine.lanes(g.real) > 1 || t + 1 < loop)) break;
            if (!detail::completes(g, s, s.steps[loop], n.first, in_planes) ||
                !detail::only_read_by(g, s, n.first, loop))
                break;
            found.at[t] = static_cast<std::uint8_t>(loop - t);
            if (in_planes) break;
        }
    }
    return found;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
