// Placement: in which level each value is computed, and which values are kept in memory, with the reason. The rules, in
// the order in which they are applied:
//   1. A fused value is kept if it is an output, if a dense operation or a reshape reads it, or if it is broadcast or
//      read through a view that repeats it or moves a masked axis (then its reader runs one level later).
//   2. Levels: a dense node runs after everything it reads; a fused node in the earliest level that has its arguments;
//      a reduction in the level of its argument, its readers one level later.
//   3. A computed value that a later level reads is kept, or computed again there, whichever costs less. Views of
//      memory, and masks, are always read again.
//   4. A computed value that one loop reads at several places, through slices that begin at different elements or go in
//      steps or backwards, is kept, or computed at each of them, whichever costs less. If it is kept, whatever reads it
//      elsewhere than at its own place runs one level later. Read transposed it is computed once anyway: see
//      mirror.hpp.
//
// The cost model of rules 3 and 4, in units of one vector addition: keeping costs a store (2) and a load (1), times 1
// while the value fits in the target's first cache, 2 in the second, 4 beyond. Computing it again costs the loads and
// the operations (`cost` of each, 1 unless it says otherwise) from the nearest values in memory on; what an operation
// reads twice counts once.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/target.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/graph/places.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// Why a value has a place in memory.
enum class stored_because : std::uint8_t {
    no,
    output,
    dense_result,
    reduction,
    dense_reader,     // a dense operation reads it
    reshaped,         // it is read under another shape
    repeated,         // it is broadcast
    masked_axis,      // it holds a mask, and is read through a view that moves the masked axes
    sliced,           // rule 4
    cheaper_to_store  // rule 3
};

struct storage_assignment {
    std::int16_t level[max_values];
    stored_because why[max_values];
    // Bit k: argument k has the shape of the result and is read where that is computed.
    std::uint8_t same_shape[max_nodes];
    bool masked[max_values];  // has a mask between memory and itself
    int last_level;

    constexpr bool kept(int v) const { return why[v] != stored_because::no; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

struct storage_assigner {
    graph const& g;
    target const& machine;
    storage_assignment p{};
    std::int16_t last_reader_level[max_values]{};  // the last level in which a value is read
    bool pure[max_values]{};                       // read from memory without arithmetic
    std::int16_t recompute_cost[max_values]{};     // what computing it again costs
    bool sliced[max_values]{};                     // rule 4 keeps it
    bool any_sliced = false;
    bool tied[max_values]{};  // needs a value that rule 4 keeps, in the loop that computes that value

    constexpr storage_assigner(graph const& from, target const& to) : g(from), machine(to) {}

    constexpr category kind(int v) const { return g.producer_of(v).operation->kind; }
    constexpr bool fused(int v) const { return is_fused(kind(v)); }
    constexpr void note(int v, stored_because why) { p.why[v] = p.why[v] == stored_because::no ? why : p.why[v]; }

    // Rules 1 and 2.
    constexpr void levels() {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            descriptor const& op = *n.operation;
            int at = 0;
            bool const reduces = op.kind == category::reduction, in_loop = is_fused(op.kind) || reduces;
            bool const view = op.kind == category::view,
                       repeats = view && g.shape_of(n.first).size() > g.shape_of(n.argument[0]).size(),
                       moves = repeats || (view && p.masked[n.argument[0]] && !keeps_masks(g, n));
            bool masks = op.kind == category::mask || op.kind == category::diagonal;
            for (int k = 0; k < op.arity; ++k) {
                int const a = n.argument[k];
                bool const same = reduces || (!view && g.values[a].shape == g.values[n.first].shape);
                p.same_shape[i] = static_cast<std::uint8_t>(p.same_shape[i] | (same << k));
                bool const read_from_memory = !in_loop || (fused(a) && !pure[a] && (view ? moves || sliced[a] : !same));
                if (read_from_memory)
                    note(memory_of(g, a), op.kind == category::dense   ? stored_because::dense_reader
                                          : op.kind == category::alias ? stored_because::reshaped
                                          : view && !repeats           ? stored_because::masked_axis
                                                                       : stored_because::repeated);
                masks = masks || (!read_from_memory && p.masked[a]);
                bool const later =
                    (read_from_memory && fused(a)) || kind(a) == category::reduction || (view && tied[a]);
                int const ready = p.level[a] + (later ? 1 : 0);
                at = ready > at ? ready : at;
            }
            if (op.kind == category::dense && at == 0) at = 1;
            bool const unchanged =
                !in_loop || reduces || op.kind == category::constant || (view && pure[n.argument[0]]);
            p.last_level = at > p.last_level ? at : p.last_level;
            bool const in_loop_of_slices = any_sliced && is_fused(op.kind) && ties(n, at);
            for (int r = 0; r < op.results; ++r) {
                p.level[n.first + r] = static_cast<std::int16_t>(at);
                tied[n.first + r] = in_loop_of_slices;
                pure[n.first + r] = unchanged;
                p.masked[n.first + r] = masks && !reduces;
                if (op.kind == category::dense || reduces)
                    note(n.first + r, reduces ? stored_because::reduction : stored_because::dense_result);
            }
        }
        for (int k = 0; k < g.output_count; ++k)
            if (fused(g.outputs[k]) && kind(g.outputs[k]) != category::constant)
                note(g.outputs[k], stored_because::output);
    }

    // Rule 4.
    constexpr bool ties(node const& n, int at) const {
        for (int k = 0; k < n.operation->arity; ++k) {
            int const a = n.argument[k];
            if (p.level[a] == at && (sliced[a] || tied[a])) return true;
        }
        return false;
    }
    // Notes what is kept for it; false where nothing is.
    constexpr bool find_sliced() {
        bool slices = false;
        for (int i = 0; i < g.size && !slices; ++i) slices = is_slice(g.nodes[i]);
        if (!slices) return false;
        scratch_array<places> read(g.value_count);
        for (int i = g.size - 1; i >= 0; --i) {
            node const& n = g.nodes[i];
            category const c = n.operation->kind;
            if (!is_fused(c) && c != category::reduction) continue;
            int const v = n.first;
            places& here = read.data[v];
            places own;
            own.add(whole(g.shape_of(v).rank), g.shape_of(v).size());
            if (p.kept(v) || here.count == 0) here.add(own.at[0], own.elements[0]);
            double const size = own.elements[0];
            if (c == category::elementwise && (here.in_all() - size) * recompute_cost[v] > 3 * load(v) * size) {
                note(v, stored_because::sliced);
                sliced[v] = any_sliced = true;
                here = own;
            }
            for (int k = 0; k < n.operation->arity; ++k) {
                int const a = n.argument[k];
                if (!fused(a) || pure[a] || (p.kept(a) && p.level[a] < p.level[v])) continue;
                places& there = read.data[a];
                for (int j = 0; j < here.count; ++j) {
                    if (c == category::reduction)
                        there.add(whole(g.shape_of(a).rank), g.shape_of(a).size());
                    else
                        there.add(c == category::view ? view_access(here.at[j], n.operation->view(g, n))
                                                      : broadcast_access(here.at[j], g.shape_of(v), g.shape_of(a)),
                                  here.elements[j]);
                }
            }
        }
        return any_sliced;
    }
    // A view of a part of a computed value that keeps its axes, or of all or a part in steps.
    constexpr bool is_slice(node const& n) const {
        if (n.operation->kind != category::view || !fused(n.argument[0]) || pure[n.argument[0]]) return false;
        extents const &to = g.shape_of(n.first), &from = g.shape_of(n.argument[0]);
        return (to.rank == from.rank && to.size() < from.size()) ||
               (to.size() <= from.size() && n.operation->view(g, n).strided);
    }

    // Rule 3. What an argument is stored in changes no loop, and so no order of a sum.
    constexpr int load(int v) const {
        element const type = g.values[v].type;
        return machine.load_cost(std::int64_t(g.shape_of(v).size()) * bytes_of(is_stored(type) ? g.real : type));
    }
    // Of an argument that is named twice, x * x, there is one reading.
    static constexpr bool read_before(node const& n, int k) {
        for (int j = 0; j < k; ++j)
            if (n.argument[j] == n.argument[k]) return true;
        return false;
    }
    constexpr int cost(int v) const {
        return kind(v) == category::constant ? 0 : p.kept(v) || !fused(v) ? load(v) : recompute_cost[v];
    }
    constexpr void costs() {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            if (!is_fused(n.operation->kind)) continue;
            int sum = n.operation->cost;
            for (int k = 0; k < n.operation->arity; ++k) sum += read_before(n, k) ? 0 : cost(n.argument[k]);
            recompute_cost[n.first] = static_cast<std::int16_t>(sum < 1000 ? sum : 1000);
        }
    }
    constexpr void keep_across_levels() {
        for (int i = g.size - 1; i >= 0; --i) {
            node const& n = g.nodes[i];
            if (!is_fused(n.operation->kind) && n.operation->kind != category::reduction) continue;
            int const v = n.first,
                      read = p.kept(v) || last_reader_level[v] < p.level[v] ? p.level[v] : last_reader_level[v];
            if (n.operation->kind == category::elementwise && read > p.level[v] && recompute_cost[v] > 3 * load(v))
                note(v, stored_because::cheaper_to_store);
            int const when = p.kept(v) ? p.level[v] : read;
            for (int k = 0; k < n.operation->arity; ++k) {
                std::int16_t& l = last_reader_level[n.argument[k]];
                l = static_cast<std::int16_t>(when > l ? when : l);
            }
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr storage_assignment assign_storage(graph const& g, target const& machine) {
    detail::storage_assigner p(g, machine);
    p.levels();
    p.costs();
    if (p.find_sliced()) {  // later levels, and what costs less in them
        p.levels();
        p.costs();
    }
    p.keep_across_levels();
    return p.p;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
