// explain<Program>(): what the compiler made of a program, as text: its kernels in the order in which they run, what
// each reads and writes, which run together, the passes over memory, bytes moved, operations, and why each value that
// is kept in memory is kept: there a fused loop ends.
//
//   std::cout << pm::explain<pm::program::value_of<my_chain, pm::shape<64, 64>>>();
//   std::cout << pm::explain<pm::program::value_of<my_chain, pm::shape<64, 64>>>(pm::targets::cortex_m4);
//
// The second plans it for another machine than the host (core/target.hpp), which takes the passes' time at run time.
//
// A pass is one walk over memory: a dense operation, a loop, or a group of loops that run together by rows. Bytes count
// each value once for every pass that touches it. Operations count one for each elementwise operation and element, also
// where an element and its mirror image share one, and two for each multiplication with addition of a dense one; dense
// operations that do not say how many they take are named. What a loop does at a time is its shape
// (graph/loop_shape.hpp). For the host: it needs the heap.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "paramorph/core/sentence.hpp"
#include "paramorph/graph/loop_shape.hpp"
#include "paramorph/kernel/compiled.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

constexpr char const* reason(stored_because why) {
    switch (why) {
        case stored_because::no:
            return "";
        case stored_because::output:
            return "an output";
        case stored_because::dense_result:
            return "the result of a dense operation";
        case stored_because::reduction:
            return "a reduction, complete only after its loop";
        case stored_because::dense_reader:
            return "a dense operation reads it";
        case stored_because::reshaped:
            return "it is read under another shape";
        case stored_because::repeated:
            return "it is broadcast: each element is used several times";
        case stored_because::masked_axis:
            return "a view moves the axes of a mask";
        case stored_because::sliced:
            return "a loop reads it at several places, and computing it at each would cost more";
        case stored_because::cheaper_to_store:
            return "a later loop reads it, and computing it again would cost more";
    }
    return "";
}

// A template, so that what it takes of the standard library is compiled only where a program is explained.
template <class Text = std::string>
struct explanation {
    graph const& g;
    storage_assignment const& placed;
    schedule const& plan;
    row_groups const& rows;
    memory_plan const& memory;
    alike_steps const& alike;
    target const& machine;
    Text text{}, unknown{};
    double bytes = 0, operations = 0;
    int passes = 0;
    bool touched[max_values]{};  // in the pass so far

    static Text shape(extents const& s) { return Text(sentence(s).view()); }
    Text name(int v) const {
        location const at = memory.of[memory_of(g, v)];
        Text const place = at.kind == location::argument ? "argument " + std::to_string(at.at)
                           : at.kind == location::output ? "output " + std::to_string(at.at)
                                                         : "value " + std::to_string(memory_of(g, v));
        bool const subview = plan.subview_of(memory_of(g, v)).within >= 0;
        return (subview ? "part of " : "") + place + " " + shape(g.shape_of(v));
    }
    double bytes_of_value(int v) const { return double(g.shape_of(v).size()) * bytes_of(g.values[v].type); }
    void touch(int v) { touched[memory_of(g, v)] = true; }
    static void list(Text& to, Text const& item) {
        if (to.find(item) == Text::npos) to += (to.empty() ? "" : ", ") + item;
    }

    // In which order a load takes the elements of a value, where that is another one than theirs.
    static Text way_of_reading(step const& p, instruction const& x) {
        bool down = false, overlap = false;
        for (int k = 0; k < max_rank; ++k) {
            if (p.space[k] > 1 && x.stride[k] < 0) return "reversed ";
            down = down || (k < 3 && p.space[k] > 1 && x.stride[k] == 1);
            overlap = overlap || (k < 3 && p.space[k] > 1 && x.stride[k] > 0 && x.stride[k] < p.space[3]);
        }
        return x.transposed() && p.space[3] > 1 ? (down ? "transposed " : "strided ")
               : x.stride[3] == 1 && overlap    ? "windows of "
                                                : "";
    }
    // How loop t runs.
    Text run(int t) const {
        loop_shape const shape = shape_of_loop(g, plan, t, machine);
        body_shape const& body = shape.body;
        int const lanes = machine.lanes(g.real);
        bool const together = rows.of[t].block != 0;
        Text const tile = std::to_string(lanes) + " x " + std::to_string(lanes),
                   vectors = lanes == 1         ? Text("number by number")
                             : body.unroll == 1 ? Text("a vector at a time")
                                                : std::to_string(body.unroll) + " vectors at a time";
        Text how = vectors;
        if (together && plan.steps[t].space[2] == 1)
            how = lanes > 1 && rows_in_lanes(g, plan, rows.of[t], machine) ? "a vector at a time" : "number by number";
        else if (shape.kind == loop_shape::strips && shape.sums.strips > 0)
            how += ", sums in strips of " + std::to_string(shape.sums.columns) + " columns on the stack";
        else if (shape.kind == loop_shape::rows && body.row_in_each_lane)
            how = std::to_string(lanes) + " rows at a time, one in each lane";
        else if (shape.kind == loop_shape::rows && together && body.unrolled_rows > 1)
            how = std::to_string(body.unrolled_rows) + " rows at a time";
        else if (shape.kind == loop_shape::mirrored || shape.kind == loop_shape::tiles) {
            how = "by tiles of " + tile;
            if (shape.band > lanes)
                how += (shape.squares ? " in squares of " : " in bands of ") + std::to_string(shape.band) + " rows";
            if (shape.squares)
                how += ", each followed by its mirror image";
            else if (shape.kind == loop_shape::mirrored)
                how += body.in_first_cache ? ", each with its mirror image" : ", with its mirror image where that pays";
            else if (body.tiles == 2)
                how += ", two side by side";
        }
        return how + (body.outlined ? ", its body a function" : "");
    }

    void dense(node const& n, int t) {
        descriptor const& op = *n.operation;
        text += "  " + Text(op.name) + ":";
        Text reads, writes;
        double in_place = 0;
        for (int k = 0; k < op.arity; ++k)
            if (plan.subview_of(memory_of(g, n.argument[k])).within == n.first)
                in_place += bytes_of_value(n.argument[k]);
            else
                list(reads, name(n.argument[k])), touch(n.argument[k]);
        if (int const bias = plan.steps[t].begins_with - 1; bias >= 0) list(reads, name(bias)), touch(bias);
        auto const made = [&](int r) { return memory.of[memory_of(g, n.first + r)].kind != location::nowhere; };
        for (int r = 0; r < op.results; ++r)
            if (made(r)) list(writes, name(n.first + r));
        if (in_place == 0)
            for (int r = 0; r < op.results; ++r) {
                if (made(r)) touch(n.first + r);
            }
        else
            bytes += bytes_of_value(n.first) - in_place;
        if (in_place == bytes_of_value(n.first))
            text += " nothing to do, " + writes + " is written part by part\n", --passes;
        else
            text += " reads " + (reads.empty() ? "nothing" : reads) + "; writes " +
                    (in_place == 0 ? "" : "the rest of ") + writes + "\n";
        std::int64_t const packed = op.has_panels ? op.packed_bytes(g, n, machine) : 0;
        if (packed > 0) {
            text.pop_back();
            text += "; packs " + number(double(packed)) +
                    (memory.panels[t] == 0 ? "B on the stack\n" : "B in the workspace\n");
        }
        if (op.has_workspace) {
            text.pop_back();
            text += "; " + number(double(op.workspace(machine))) + "B of workspace for itself\n";
        }
        if (op.flops)
            operations += op.flops(g, n);
        else
            list(unknown, Text(op.name));
    }
    void loop(int t) {
        step const& p = plan.steps[t];
        body const& b = p.bodies[middle];
        Text does, reads, writes;
        int applied = 0;
        for (int i = b.first; i < b.last; ++i) {
            instruction const& x = plan.code[i];
            if (!is_used(plan, p, b, i)) continue;
            if (x.kind == instruction::load)
                list(reads, way_of_reading(p, x) + name(x.source)), touch(x.source);
            else if (x.kind == instruction::apply)
                list(does, Text(x.operation->name)), ++applied;
            else if (x.kind == instruction::mask)
                list(does, "mask");
        }
        for (int k = p.first_store; k < p.first_store + p.store_count; ++k) {
            destination const to = plan.stores[k];
            bool const copies = to.kind == destination::output;
            int const v = copies ? g.outputs[to.at] : to.at;
            Text const how = plan.reduced[k] ? Text(g.producer_of(v).operation->name) + " in " : "";
            list(writes, how + (copies ? "output " + std::to_string(to.at) + " " + shape(g.shape_of(v)) : name(v)));
            if (copies)
                bytes += bytes_of_value(v);
            else
                touch(v);
        }
        double elements = 1;
        Text space;
        for (int k = 0; k < max_rank; ++k) {
            elements *= p.space[k];
            if (p.space[k] > 1) space += (space.empty() ? "" : " x ") + std::to_string(p.space[k]);
        }
        operations += elements * applied;
        text += "  loop over " + (space.empty() ? "1" : space) + (p.masked ? ", split at its masks" : "") + ": ";
        text += does.empty() ? "copy" : does;
        text += "; reads " + (reads.empty() ? "nothing" : reads) + "; writes " + writes + "; " + run(t) + "\n";
    }

    static Text number(double x) {
        for (char const* unit : {" ", " k", " M"}) {
            if (x < 10000) return std::to_string(static_cast<long>(x + 0.5)) + unit;
            x /= 1000;
        }
        return std::to_string(static_cast<long>(x + 0.5)) + " G";
    }
    // Of a unit whose function others have, too.
    Text in_one_function(int t) const {
        int const n = alike.shared(t) ? alike.count(plan, rows, t) : 0;
        return n > 1 ? "; one function for " + std::to_string(n) + " alike" : Text();
    }
    Text write() {
        for (int t = 0; t < plan.step_count; ++t) {
            row_group const& group = rows.of[t];
            if (t == group.first && group.block != 0)
                text += "  together, " + std::to_string(group.block) + " rows at a time" + in_one_function(t) + ":\n";
            if (t == group.first && group.images != 0)
                text += "  together, one of " + std::to_string(group.images) + " images at a time:\n";
            if (group.block + group.images != 0) text += "  ";
            plan.steps[t].node >= 0 ? dense(g.nodes[plan.steps[t].node], t) : loop(t);
            if (group.block == 0) {
                text.pop_back();
                text += in_one_function(t) + "\n";
            }
            if (t < group.last) continue;
            ++passes;
            for (int v = 0; v < g.value_count; ++v)
                if (std::exchange(touched[v], false)) bytes += bytes_of_value(v);
        }
        Text kept;
        for (int v = 0; v < g.value_count; ++v)
            if (placed.why[v] > stored_because::dense_result && g.producer_of(v).operation->kind != category::leaf)
                kept += "  " + name(v) + ", " + Text(g.producer_of(v).operation->name) + ": " + reason(placed.why[v]) +
                        "\n";
        return std::to_string(plan.step_count) + (plan.step_count == 1 ? " kernel, " : " kernels, ") +
               std::to_string(passes) + (passes == 1 ? " pass" : " passes") + " over memory, " + number(bytes) +
               "B moved, " + number(operations) + "flop" + (unknown.empty() ? "" : " and those of " + unknown) +
               ", workspace " + std::to_string(memory.bytes) + " bytes, for " + Text(machine.name) + "\n" + text +
               (kept.empty() ? "" : "kept in memory, so that a loop ends there\n" + kept);
    }
};

// What the passes make of a graph at run time, on the heap; a graph that is simplified.
template <class Graph>
struct plan_of {
    Graph g;
    storage_assignment placed;
    schedule plan;
    row_groups rows;
    row_products products;
    memory_plan memory;
    alike_steps alike;
};
template <class Graph>
std::unique_ptr<plan_of<Graph> const> plan_for(Graph const& g, target const& machine, bool fuses_row_products = false) {
    auto p = std::make_unique<plan_of<Graph>>(g);
    p->placed = assign_storage(g, machine);
    p->plan = make_schedule(g, p->placed);
    take_biases(g, p->plan, machine);
    p->rows = group_rows(g, p->plan, machine);
    if (fuses_row_products) p->products = find_row_products(g, p->plan, p->rows, machine);
    p->memory = plan_memory(g, p->plan, p->rows, machine, p->products);
    p->alike = find_alike_steps(g, p->plan, p->rows, p->products);
    return p;
}

}  // namespace detail

// What the compiler made of a program, as lines of text.
template <class P>
std::string explain() {
    if constexpr (detail::is_program<P>()) {
        using C = compiled<P>;
        return detail::explanation<>{C::simplified, C::placed, C::plan, C::rows, C::memory, C::alike, C::machine}
            .write();
    }
    return {};
}

// The same on another machine.
template <class P>
std::string explain(target const& machine) {
    if constexpr (detail::is_program<P>()) {
        auto const p = detail::plan_for(compiled<P>::simplified, machine, requires { P::fuses_row_products; });
        return detail::explanation<>{p->g, p->placed, p->plan, p->rows, p->memory, p->alike, machine}.write();
    }
    return {};
}

}  // namespace paramorph::inline PARAMORPH_ABI
