// Alike steps: a network of many layers has steps that differ in nothing but where their operands lie in memory. In a
// program that has many of a kind, those of each kind are compiled as one function, which is called with their
// addresses: that takes the compiler the time of one, and is smaller. In any other program each step has its addresses
// compiled in.
//
// What shares a function is a unit of the schedule: a loop, loops that run together by rows (row_groups.hpp), or a
// dense operation that has nothing beside its arguments and results.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>

#include "paramorph/graph/row_groups.hpp"
#include "paramorph/graph/row_products.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// So many units of a kind are many.
inline constexpr int alike_enough = 8;

// Values that a unit reads and writes, each once, in the order in which it names them. One of more has a function of
// its own.
struct unit_operands {
    static constexpr int most = 16;
    int count = 0, of[most]{};
    bool too_many = false;

    // Where a value is among them; most: nowhere.
    constexpr int find(int v) const {
        for (int k = 0; k < count; ++k)
            if (of[k] == v) return k;
        return most;
    }
    constexpr void add(int v) {
        if (find(v) < most) return;
        if (count == most)
            too_many = true;
        else
            of[count++] = v;
    }
};
constexpr unit_operands operands_of_unit(graph const& g, schedule const& s, row_group const& unit) {
    unit_operands all;
    for (int t = unit.first; t <= unit.last && !all.too_many; ++t) {
        step const& p = s.steps[t];
        if (p.node >= 0) {
            node const& n = g.nodes[p.node];
            for (int k = 0; k < n.operation->arity; ++k) all.add(memory_of(g, n.argument[k]));
            for (int r = 0; r < n.operation->results; ++r) all.add(memory_of(g, n.first + r));
            if (p.begins_with != 0) all.add(memory_of(g, p.begins_with - 1));
        }
        for (int r = below; r <= above && p.node < 0; ++r)
            for (int i = p.bodies[r].first; i < p.bodies[r].last && !all.too_many; ++i)
                if (s.code[i].kind == instruction::load) all.add(memory_of(g, s.code[i].source));
        for (int k = p.first_store; k < p.first_store + p.store_count && p.node < 0; ++k)
            if (s.stores[k].kind == destination::memory) all.add(memory_of(g, s.stores[k].at));
    }
    return all;
}

// Does a loop copy to outputs? How far behind those of loop `first`, which copies too, are those of loop t?
constexpr bool copies_to_outputs(schedule const& s, int t) {
    step const& p = s.steps[t];
    return p.node < 0 && p.store_count > 0 && s.stores[p.first_store].kind == destination::output;
}
constexpr int shift_of_outputs(schedule const& s, int first, int t) {
    return s.stores[s.steps[t].first_store].at - s.stores[s.steps[first].first_store].at;
}

struct alike_steps {
    // For each step, 1 + the first step of the first unit of its kind; 0: its unit has a function of its own.
    std::int16_t first[max_steps]{};

    constexpr bool shared(int t) const { return first[t] != 0; }
    constexpr int function_of(int t) const { return first[t] - 1; }
    constexpr int count(schedule const& s, row_groups const& rows, int t) const {
        int n = 0;
        for (int u = 0; u < s.step_count; u = rows.of[u].last + 1) n += first[u] == first[t] ? 1 : 0;
        return n;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

struct alike_finder {
    graph const& g;
    schedule const& s;
    row_groups const& rows;
    row_products const& products;

    struct unit {
        row_group at;
        unit_operands operands;
    };
    constexpr unit unit_of(int t) const { return {rows.of[t], operands_of_unit(g, s, rows.of[t])}; }

    // Is all that is compiled for a dense step known by its operation, and the shapes of its arguments?
    static constexpr bool is_plain(graph const& g, schedule const& s, node const& n) {
        descriptor const& op = *n.operation;
        if (op.has_panels || op.has_workspace || op.optional_results != 0 || op.reads_leaves || n.text != nullptr)
            return false;
        for (int k = 0; k < op.arity; ++k)
            if (s.subview_of(memory_of(g, n.argument[k])).within >= 0) return false;
        return true;
    }
    constexpr bool may_share(int t) const {
        bool const in_product = products.at[t] != 0 || products.ran_before(t);
        step const& p = s.steps[t];
        return rows.of[t].images == 0 && !in_product && (p.node < 0 || is_plain(g, s, g.nodes[p.node]));
    }

    constexpr bool same_value(unit const& a, int v, unit const& b, int w) const {
        int const x = memory_of(g, v), y = memory_of(g, w);
        return a.operands.find(x) == b.operands.find(y) && g.values[x].type == g.values[y].type;
    }
    constexpr bool same_shape(int v, int w) const { return g.shape_of(v) == g.shape_of(w); }
    static constexpr bool same_number(double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    }
    constexpr bool same_node(unit const& a, node const& x, unit const& b, node const& y) const {
        if (x.operation->id != y.operation->id || x.attribute != y.attribute || !same_number(x.number, y.number))
            return false;
        for (int k = 0; k < x.operation->arity; ++k)
            if (!same_value(a, x.argument[k], b, y.argument[k]) || !same_shape(x.argument[k], y.argument[k]))
                return false;
        for (int r = 0; r < x.operation->results; ++r)
            if (!same_value(a, x.first + r, b, y.first + r) || !same_shape(x.first + r, y.first + r)) return false;
        return true;
    }
    // Two instructions of bodies that begin at these.
    constexpr bool same_instruction(unit const& a, int i, int first, unit const& b, int j, int other_first) const {
        instruction const &x = s.code[i], &y = s.code[j];
        if (x.kind != y.kind || x.offset != y.offset || !same_number(x.constant, y.constant) || x.sign != y.sign ||
            x.bound != y.bound)
            return false;
        for (int k = 0; k < max_rank; ++k)
            if (x.stride[k] != y.stride[k]) return false;
        if (x.kind == instruction::load) return same_value(a, x.source, b, y.source);
        if (x.kind == instruction::mask && x.argument[0] - first != y.argument[0] - other_first) return false;
        if (x.kind != instruction::apply) return true;
        if (x.operation->id != y.operation->id) return false;
        for (int k = 0; k < x.operation->arity; ++k)
            if (x.argument[k] - first != y.argument[k] - other_first) return false;
        return true;
    }
    // Stores of a unit, which may be its outputs: those of the other one are `shift` behind them.
    constexpr bool same_store(unit const& a, int k, unit const& b, int l, int shift) const {
        destination const &x = s.stores[k], &y = s.stores[l];
        if (x.kind != y.kind || s.reduced[k] != s.reduced[l]) return false;
        if (x.kind == destination::output) return y.at - x.at == shift && same_shape(g.outputs[x.at], g.outputs[y.at]);
        part const p = s.subview_of(x.at).at, q = s.subview_of(y.at).at;
        return same_value(a, x.at, b, y.at) && same_shape(x.at, y.at) && p.run == q.run && p.full == q.full &&
               (s.reduced[k] == 0 || g.producer_of(x.at).operation->id == g.producer_of(y.at).operation->id);
    }
    constexpr bool same_step(unit const& a, step const& p, unit const& b, step const& q, int shift) const {
        if ((p.node < 0) != (q.node < 0)) return false;
        if (p.node >= 0)
            return same_node(a, g.nodes[p.node], b, g.nodes[q.node]) &&
                   (p.begins_with != 0 && q.begins_with != 0 ? same_value(a, p.begins_with - 1, b, q.begins_with - 1)
                                                             : p.begins_with == q.begins_with);
        if (p.masked != q.masked || p.low != q.low || p.high != q.high || p.store_count != q.store_count) return false;
        for (int k = 0; k < max_rank; ++k)
            if (p.space[k] != q.space[k]) return false;
        for (int r = below; r <= above; ++r) {
            body const &x = p.bodies[r], &y = q.bodies[r];
            if (x.last - x.first != y.last - y.first) return false;
            for (int i = 0; i < x.last - x.first; ++i)
                if (!same_instruction(a, x.first + i, x.first, b, y.first + i, y.first)) return false;
            for (int k = 0; k < p.store_count && x.last > x.first; ++k)
                if (s.written[x.written + k] - x.first != s.written[y.written + k] - y.first) return false;
        }
        for (int k = 0; k < p.store_count; ++k)
            if (!same_store(a, p.first_store + k, b, q.first_store + k, shift)) return false;
        return true;
    }
    constexpr bool same(unit const& a, unit const& b) const {
        bool const copies = copies_to_outputs(s, a.at.first) && copies_to_outputs(s, b.at.first);
        int const steps = a.at.last - a.at.first, shift = copies ? shift_of_outputs(s, a.at.first, b.at.first) : 0;
        if (shift < 0 || steps != b.at.last - b.at.first || a.at.block != b.at.block ||
            a.operands.count != b.operands.count)
            return false;
        for (int k = 0; k <= steps; ++k)
            if (!same_step(a, s.steps[a.at.first + k], b, s.steps[b.at.first + k], shift)) return false;
        return true;
    }

    // What differs where units do, to find those that may be the same.
    constexpr unsigned hash_of(row_group const& unit) const {
        unsigned h = static_cast<unsigned>(unit.last - unit.first);
        auto const mix = [&](int x) { h = (h ^ static_cast<unsigned>(x)) * 0x9E3779B1u; };
        for (int t = unit.first; t <= unit.last; ++t) {
            step const& p = s.steps[t];
            if (p.node >= 0) {
                node const& n = g.nodes[p.node];
                for (int x : n.attribute.v) mix(x);
                for (int x : g.shape_of(n.first).d) mix(x);
            } else {
                for (int x : p.space) mix(x);
                for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) mix(s.code[i].kind);
            }
        }
        return h;
    }
    constexpr alike_steps run() const {
        alike_steps a;
        if (s.step_count < alike_enough) return a;
        constexpr int buckets = 256;
        // Of each first unit of a kind: 1 + the next one in its bucket, and how many there are.
        std::int16_t heads[buckets]{}, next[max_steps]{}, count[max_steps]{};
        unsigned hashes[max_steps]{};
        for (int t = 0; t < s.step_count; t = rows.of[t].last + 1) {
            if (!may_share(t)) continue;
            unit const u = unit_of(t);
            if (u.operands.too_many) continue;
            hashes[t] = hash_of(u.at);
            std::int16_t& head = heads[hashes[t] % buckets];
            int k = head - 1;
            while (k >= 0 && !(hashes[k] == hashes[t] && same(unit_of(k), u))) k = next[k] - 1;
            if (k < 0) {
                k = t;
                next[t] = head;
                head = static_cast<std::int16_t>(t + 1);
            }
            ++count[k];
            a.first[t] = static_cast<std::int16_t>(k + 1);
        }
        int most = 0;
        for (int t = 0; t < s.step_count; ++t) most = count[t] > most ? count[t] : most;
        if (most < alike_enough) return {};
        for (int t = 0; t < s.step_count; ++t) a.first[t] = a.first[rows.of[t].first];
        return a;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr alike_steps find_alike_steps(graph const& g, schedule const& s, row_groups const& rows,
                                       row_products const& products = {}) {
    return detail::alike_finder{g, s, rows, products}.run();
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
