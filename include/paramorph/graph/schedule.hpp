// Scheduling: which nodes share one loop, and in which order the loops run. Dense operations are steps of their own;
// every run of elementwise, view and mask nodes between them is one fused step per shape, in which a value lives in a
// register. A step with masks gets three bodies: below, on and above the masked diagonals. Away from the diagonals a
// mask is known, so that its zeros fold.
//
// What is kept in memory, and in which level each value is computed, is decided before: see assign_storage.hpp. What is
// written into a part of a larger tensor at once: subviews.hpp. What a loop computes: loop_body.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/loop_body.hpp"
#include "paramorph/graph/restrict.hpp"
#include "paramorph/graph/subviews.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct scheduler : loop_spaces {
    schedule s{};
    body_writer bodies;
    restriction restricted{};

    constexpr scheduler(graph const& from, storage_assignment const& where)
        : loop_spaces{from, where}, bodies(from, where, s) {}

    constexpr void order_steps() {
        // Counting sort of what each level holds: its dense nodes, then its kept values, grouped by shape.
        std::int16_t head[max_values]{}, next[max_values]{};
        for (int i = g.size - 1; i >= 0; --i) {
            int const v = g.nodes[i].first;
            category const c = g.nodes[i].operation->kind;
            if (c != category::dense && c != category::reduction && !(placed.kept(v) && is_fused(c))) continue;
            next[v] = head[placed.level[v]];
            head[placed.level[v]] = static_cast<std::int16_t>(v + 1);
        }
        for (int t = 0; t <= placed.last_level; ++t) {
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
                    if (group - first_group == 64) refused::a_level_of_the_program_computes_more_than_64_shapes();
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
                for (int v = group_head[group - first_group] - 1; v >= 0; v = next[v] - 1)
                    store({destination::memory, v});
                p.store_count = s.store_count - p.first_store;
                write(p, t);
            }
        }
        copy_outputs(placed.last_level + 1);
    }

    // Outputs that are leaves or constants, or named twice, perhaps under another shape, are copied at the end.
    constexpr void copy_outputs(int after) {
        for (int k = 0; k < g.output_count; ++k) {
            int const v = g.outputs[k];
            if (!needs_copy(g, k)) continue;
            new_step(-1, space_of(v));
            step& p = s.steps[s.step_count - 1];
            p.first_store = s.store_count;
            store({destination::output, k});
            p.store_count = 1;
            write(p, after);
        }
    }
    constexpr void new_step(int node, extents const& space) {
        if (s.step_count == max_steps) refused::a_program_has_more_than_2048_steps_split_the_network_or_the_chain();
        step& p = s.steps[s.step_count++];
        p.node = node;
        for (int k = 0; k < max_rank; ++k) p.space[k] = space.d[k];
        ++(node < 0 ? s.fused_steps : s.dense_steps);
    }
    constexpr void store(destination to) {
        if (s.store_count == max_stores) refused::loops_write_more_than_4096_values_split_the_network_or_the_chain();
        bool const reduces = to.kind == destination::memory && kind(to.at) == category::reduction;
        node const& n = g.producer_of(reduces ? to.at : 0);
        s.reduced[s.store_count] = static_cast<std::uint8_t>(
            reduces ? n.operation->reduced(g, n) << (g.shape_of(n.argument[0]).rank - looped_axes(n.argument[0])) & 15
                    : 0);
        s.stores[s.store_count++] = to;
    }

    // The bodies of a fused step that runs in level `at`.
    constexpr void write(step& p, int at) {
        bodies.write(p, at);
        if (!p.masked) {
            merge_axes(p);
            return merge_rows(p);
        }
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

    // Rows of the planes of a batch that everything walks through as through longer ones become one row, as do those
    // that are summed.
    constexpr void merge_rows(step& p) {
        bool sums = false;
        for (int k = p.first_store; k < p.first_store + p.store_count; ++k) {
            sums = sums || s.reduced[k] != 0;
            if ((s.reduced[k] >> 2 & 1) != (s.reduced[k] >> 3 & 1) || breaks_plane(p, k)) return;
        }
        if (p.space[2] == 1 || p.space[0] * p.space[1] == 1 || (p.space[0] == 1 && !sums)) return;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i)
            if (s.code[i].kind == instruction::load && s.code[i].stride[2] != s.code[i].stride[3] * p.space[3]) return;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) s.code[i].stride[2] = 0;
        p.space[3] *= p.space[2];
        p.space[2] = 1;
    }
    // Store k writes a plane of the loop in several runs.
    constexpr bool breaks_plane(step const& p, int k) const {
        if (s.subview_count == 0 || s.stores[k].kind == destination::output) return false;
        subview const at = s.subview_of(s.stores[k].at);
        return at.within >= 0 && at.at.run != g.shape_of(at.value).size() && at.at.run % (p.space[2] * p.space[3]) != 0;
    }

    // Rows that follow one another in the loop do not where store k writes them.
    constexpr bool steps_over(step const& p, int k) const {
        if (s.subview_count == 0 || s.stores[k].kind == destination::output) return false;
        subview const at = s.subview_of(s.stores[k].at);
        return at.within >= 0 && at.at.run != g.shape_of(at.value).size() &&
               at.stride(p.space[2] * p.space[3]) != at.stride(p.space[3]) * p.space[2];
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr schedule make_schedule(graph const& g, storage_assignment const& placed) {
    detail::scheduler s(g, placed);
    detail::find_subviews(g, s.s);
    s.order_steps();
    return s.s;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
