// Scheduling: which nodes share one loop, and in which order the loops run. Dense operations are steps of their own;
// every run of elementwise, view and mask nodes between them is one fused step per shape, in which a value lives in a
// register. A view is pushed down to the loads (an affine map from loop indices to addresses), a mask becomes a
// comparison of loop indices, and a step with masks gets three bodies: below, on and above the masked diagonals. Away
// from the diagonals a mask is known, so that its zeros fold.
//
// What is kept in memory, and in which stage each value is computed, is decided before: see place.hpp. A value that
// only becomes a part of a larger tensor (concatenate, pad) is written there at once, as an inset: any result that is
// one run of that tensor's memory, the result of a loop also where it is several and nothing else reads it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/place.hpp"
#include "paramorph/graph/restrict.hpp"

namespace paramorph {

namespace detail {

struct scheduler {
    graph const& g;
    placement const& placed;
    schedule s{};

    struct entry {
        std::uint64_t key, offsets;
        int generation, code;
    };
    entry in_step[max_values]{};
    entry table[4096]{};
    int generation = 0;
    int low = 0, high = 0;  // where the masks of the body that is being emitted change

    struct request {
        int v;
        reading at;
    };
    request stack[1024]{};

    restriction restricted{};

    constexpr scheduler(graph const& from, placement const& where) : g(from), placed(where) {}

    constexpr category kind(int v) const { return g.producer_of(v).operation->kind; }

    constexpr void find_insets() {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            if (!n.operation->has_parts) continue;
            for (int k = 0; k < n.operation->arity; ++k) {
                int const v = memory_of(g, n.argument[k]);
                part const p = n.operation->part_of(g, n, k);
                if (s.inset_count < max_insets && may_be_inset(v, p)) s.insets[s.inset_count++] = {v, n.first, p};
            }
        }
    }
    constexpr bool may_be_inset(int v, part const& p) const {
        category const c = kind(v);
        if (c == category::leaf || c == category::constant || g.values[v].type != g.real || s.inset_of(v).within >= 0)
            return false;
        for (int k = 0; k < g.output_count; ++k)
            if (memory_of(g, g.outputs[k]) == v) return false;
        extents const& e = g.shape_of(v);
        if (p.run == e.size()) return true;
        // In several runs: nothing else reads it, and it is computed by a loop that can step over what lies between.
        int run = 1, readers = 0;
        for (int k = e.rank - 1; k >= 0 && run < p.run; --k) run *= e.d[k];
        for (int i = 0; i < g.size; ++i)
            for (int k = 0; k < g.nodes[i].operation->arity; ++k)
                readers += memory_of(g, g.nodes[i].argument[k]) == v && g.nodes[i].operation->kind != category::alias;
        return is_fused(c) && p.run > 1 && run == p.run && readers == 1;
    }

    constexpr void order_steps() {
        // Counting sort of what each stage holds: its dense nodes, then its kept values, grouped by shape.
        std::int16_t head[max_values]{}, next[max_values]{};
        for (int i = g.size - 1; i >= 0; --i) {
            int const v = g.nodes[i].first;
            category const c = g.nodes[i].operation->kind;
            if (c != category::dense && c != category::reduction && !(placed.kept(v) && is_fused(c))) continue;
            next[v] = head[placed.stage[v]];
            head[placed.stage[v]] = static_cast<std::int16_t>(v + 1);
        }
        for (int t = 0; t <= placed.last_stage; ++t) {
            for (int v = head[t] - 1; v >= 0; v = next[v] - 1)
                if (kind(v) == category::dense) new_step(g.values[v].producer, {});
            int const first_group = s.step_count;
            std::int16_t group_head[64]{}, group_tail[64]{};
            for (int v = head[t] - 1; v >= 0;) {
                int const following = next[v] - 1;
                if (kind(v) != category::dense) {
                    extents const space = space_of(looped(v));
                    int const(&d)[max_rank] = space.d;
                    int group = first_group;
                    auto const differs = [&](int const(&o)[max_rank]) {
                        return o[0] != d[0] || o[1] != d[1] || o[2] != d[2] || o[3] != d[3];
                    };
                    while (group < s.step_count && differs(s.steps[group].space)) ++group;
                    if (group - first_group == 64) refused::a_stage_of_the_program_computes_more_than_64_shapes();
                    if (group == s.step_count) new_step(-1, space);
                    std::int16_t& tail = group_tail[group - first_group];
                    (tail ? next[tail - 1] : group_head[group - first_group]) = static_cast<std::int16_t>(v + 1);
                    tail = static_cast<std::int16_t>(v + 1);
                    next[v] = 0;
                }
                v = following;
            }
            for (int group = first_group; group < s.step_count; ++group) {
                step& p = s.steps[group];
                p.first_store = s.store_count;
                for (int v = group_head[group - first_group] - 1; v >= 0; v = next[v] - 1) store(v);
                p.store_count = s.store_count - p.first_store;
                emit(p, t);
            }
        }
        copy_outputs(placed.last_stage + 1);
    }

    // Outputs that are leaves or constants, or named twice, perhaps under another shape, are copied at the end.
    constexpr void copy_outputs(int after) {
        for (int k = 0; k < g.output_count; ++k) {
            int const v = g.outputs[k];
            if (!needs_copy(g, k)) continue;
            new_step(-1, space_of(v));
            step& p = s.steps[s.step_count - 1];
            p.first_store = s.store_count;
            store(-1 - k);
            p.store_count = 1;
            emit(p, after);
        }
    }
    static constexpr bool needs_copy(graph const& g, int k) {
        int const v = memory_of(g, g.outputs[k]);
        category const c = g.producer_of(v).operation->kind;
        if (c == category::leaf || c == category::constant) return true;
        for (int j = 0; j < k; ++j)
            if (memory_of(g, g.outputs[j]) == v) return true;
        return false;
    }

    // What a loop computes for a value: itself, or the argument that it reduces.
    constexpr int looped(int v) const { return kind(v) == category::reduction ? g.producer_of(v).argument[0] : v; }

    // The axes of a value that a loop has: without the last ones of extent 1, except that a mask keeps its two.
    constexpr int looped_axes(int v) const {
        extents const& e = g.shape_of(v);
        int axes = e.rank;
        while (axes > 0 && e.d[axes - 1] == 1 && !placed.masked[v]) --axes;
        return axes;
    }
    constexpr extents space_of(int v) const {
        extents const& e = g.shape_of(v);
        int const axes = looped_axes(v);
        extents s{max_rank, {1, 1, 1, 1}};
        for (int k = 0; k < axes; ++k) s.d[max_rank - axes + k] = e.d[k];
        return s;
    }
    // How a loop over space_of(v) reads v.
    constexpr reading in_its_loop(int v) const {
        int const axes = looped_axes(v);
        reading p = whole(axes);
        for (int k = axes; k < max_rank; ++k) p.axis[k] = -1;
        return p;
    }
    constexpr void new_step(int node, extents const& space) {
        if (s.step_count == max_steps) refused::a_program_has_more_than_2048_steps_split_the_network_or_the_chain();
        step& p = s.steps[s.step_count++];
        p.node = node;
        for (int k = 0; k < max_rank; ++k) p.space[k] = space.d[k];
        ++(node < 0 ? s.fused_steps : s.dense_steps);
    }
    constexpr void store(int target) {
        if (s.store_count == max_stores) refused::loops_write_more_than_4096_values_split_the_network_or_the_chain();
        bool const reduces = target >= 0 && kind(target) == category::reduction;
        node const& n = g.producer_of(target >= 0 ? target : 0);
        s.reduced[s.store_count] = static_cast<std::uint8_t>(
            reduces ? n.operation->reduced(g, n) << (g.shape_of(n.argument[0]).rank - looped_axes(n.argument[0])) & 15
                    : 0);
        s.stores[s.store_count++] = target;
    }

    // The bodies of a fused step.
    constexpr void emit(step& p, int at) {
        ++generation;
        low = 1 << 30;
        high = -low;
        body& b = p.bodies[middle];
        b.first = s.code_size;
        b.written = s.written_count;
        s.written_count += p.store_count;
        for (int k = 0; k < p.store_count; ++k) {
            int const target = s.stores[p.first_store + k];
            s.written[b.written + k] = demand(target >= 0 ? looped(target) : g.outputs[-1 - target], at);
        }
        b.last = s.code_size;
        if (b.last - b.first > 3000) refused::a_loop_holds_more_than_3000_operations_put_a_reshape_between_its_stages();

        p.masked = low < high;
        if (!p.masked) return merge_axes(p);
        p.low = low;
        p.high = high;
        restricted.to(below, s, p);
        restricted.to(above, s, p);
    }

    // Loops over axes 0 and 1 that everything walks through as through more rows become rows.
    constexpr void merge_axes(step& p) {
        for (int axis = 1; axis >= 0; --axis) {
            if (p.space[axis] == 1) continue;
            for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i)
                if (s.code[i].kind == instruction::load && s.code[i].stride[axis] != s.code[i].stride[2] * p.space[2])
                    return;
            for (int k = p.first_store; k < p.first_store + p.store_count; ++k)
                if ((s.reduced[k] >> axis & 1) != (s.reduced[k] >> 2 & 1) || steps_over(p, k)) return;
            for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) s.code[i].stride[axis] = 0;
            p.space[2] *= p.space[axis];
            p.space[axis] = 1;
        }
    }

    // Rows that follow one another in the loop do not where store k writes them.
    constexpr bool steps_over(step const& p, int k) const {
        if (s.inset_count == 0 || s.stores[k] < 0) return false;
        inset const at = s.inset_of(s.stores[k]);
        return at.within >= 0 && at.at.run != g.shape_of(at.value).size() &&
               at.stride(p.space[2] * p.space[3]) != at.stride(p.space[3]) * p.space[2];
    }

    // The instruction that computes a value in this body; arguments first. A stack of requests: user chains may be
    // longer than the compilers' limit on recursion.
    constexpr int demand(int wanted, int at) {
        int depth = 0;
        request const result{wanted, in_its_loop(wanted)};
        stack[depth++] = result;
        while (depth > 0) {
            request const r = stack[depth - 1];
            node const& n = g.producer_of(r.v);
            category const c = n.operation->kind;
            int const arity = n.operation->arity, before = depth;
            bool const from_memory =
                !is_fused(c) || (placed.kept(r.v) && placed.stage[r.v] < at && c != category::constant);
            if (depth + max_arguments > 1024)
                refused::an_expression_is_nested_more_than_1024_deep_put_a_reshape_between_its_stages();
            codes code;
            for (int k = 0; k < arity && !from_memory; ++k) {
                request const q = placed.same_shape[g.values[r.v].producer] >> k & 1 ? request{n.argument[k], r.at}
                                                                                     : argument_of(n, r, k);
                code.of[k] = code_of(q);
                if (code.of[k] < 0) stack[depth++] = q;
            }
            if (depth > before) continue;
            --depth;
            if (code_of(r) < 0) remember(r, from_memory ? load(r) : compute(n, r, code));
        }
        return code_of(result);
    }
    struct codes {
        int of[max_arguments]{};
    };
    constexpr request argument_of(node const& n, request const& r, int k) const {
        int const a = n.argument[k];
        category const c = n.operation->kind;
        request q{a, c == category::view ? view_place(r.at, n.operation->view(g, n))
                                         : broadcast_place(r.at, g.shape_of(r.v), g.shape_of(a))};
        q.at.in_step = q.at.reads_as(in_its_loop(a));
        return q;
    }

    constexpr unsigned slot_of(request const& r) const {
        std::uint64_t const key = r.at.key(r.v), offsets = r.at.offsets();
        unsigned slot = static_cast<unsigned>(((key ^ (offsets * 0x9E3779B97F4A7C15u)) * 0xBF58476D1CE4E5B9u) >> 52);
        while (table[slot].generation == generation && !(table[slot].key == key && table[slot].offsets == offsets))
            slot = (slot + 1) % 4096;
        return slot;
    }
    constexpr int code_of(request const& r) const {
        return r.at.in_step ? (in_step[r.v].generation == generation ? in_step[r.v].code : -1) : code_elsewhere(r);
    }
    constexpr int code_elsewhere(request const& r) const {
        entry const& e = table[slot_of(r)];
        return e.generation == generation ? e.code : -1;
    }
    constexpr void remember(request const& r, int code) {
        if (r.at.in_step)
            in_step[r.v] = {0, 0, generation, code};
        else
            table[slot_of(r)] = {r.at.key(r.v), r.at.offsets(), generation, code};
    }

    constexpr int load(request const& r) {
        extents const& e = g.shape_of(r.v);
        instruction i{};
        i.kind = instruction::load;
        i.source = r.v;
        int stride = 1;
        for (int k = e.rank - 1; k >= 0; --k) {
            if (r.at.axis[k] >= 0 && e.d[k] > 1) i.stride[r.at.axis[k]] += stride;
            i.offset += r.at.offset[k] * stride, stride *= e.d[k];
        }
        return s.append(i);
    }

    // sign * (column - row) >= bound, in loop indices.
    struct comparison {
        int sign, bound;
    };
    constexpr comparison compared(node const& n, reading const& p, int rank) const {
        bool const diagonal = n.operation->kind == category::diagonal;
        int const k = diagonal ? n.attribute.v[2] : n.attribute.v[0], sign = diagonal ? 1 : n.attribute.v[1];
        int const shift = sign * (k + p.offset[rank - 2] - p.offset[rank - 1]);
        bool const swapped = p.axis[rank - 1] == 2 && p.axis[rank - 2] == 3;
        if (!swapped && !(p.axis[rank - 1] == 3 && p.axis[rank - 2] == 2))
            refused::a_mask_is_read_through_a_view_that_moves_its_axes();
        return diagonal ? comparison{1, swapped ? -shift : shift} : comparison{swapped ? -sign : sign, shift};
    }
    constexpr int compute(node const& n, request const& r, codes const& code) {
        category const c = n.operation->kind;
        if (c == category::constant) return s.append(numeric(n.number));
        if (c == category::view) return code.of[0];
        instruction i{};
        i.operation = n.operation;
        if (c == category::elementwise) {
            int const arity = n.operation->arity, (&a)[max_arguments] = code.of;
            i = {instruction::apply,
                 n.operation,
                 {a[0], a[arity > 1], a[arity > 2 ? 2 : 0], a[arity > 3 ? 3 : 0]},
                 0,
                 0,
                 {},
                 0,
                 0,
                 0};
        } else {
            comparison const m = compared(n, r.at, g.shape_of(r.v).rank);
            i.kind = c == category::diagonal ? instruction::diagonal : instruction::mask;
            i.argument[0] = code.of[0];
            i.sign = m.sign;
            i.bound = m.bound;
            int const left = c == category::diagonal || m.sign > 0 ? m.bound - 1 : -m.bound,
                      right = c == category::diagonal ? m.bound + 1 : left + 1;
            low = left < low ? left : low;
            high = right > high ? right : high;
        }
        return s.append(i);
    }
};

}  // namespace detail

constexpr schedule make_schedule(graph const& g, placement const& placed) {
    detail::scheduler s(g, placed);
    s.find_insets();
    s.order_steps();
    return s.s;
}

}  // namespace paramorph
