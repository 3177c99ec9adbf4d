// Rows together: consecutive steps that depend on one another row by row (a sum along each row, a function of it, the
// row scaled by that) run block of rows by block of rows, so that what one step touched is still in the first cache
// when the next one needs it. One pass over memory instead of one for each step.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/graph/images.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// The steps [first, last] run together, `block` rows at a time, or image by image (graph/images.hpp); both are 0 where
// a step runs alone.
struct row_group {
    std::int16_t first, last;
    int block, images = 0;
};
struct row_groups {
    row_group of[max_steps];  // for each step, the group that it belongs to
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

struct row_grouping {
    graph const& g;
    schedule const& s;
    target const& machine;
    row_groups groups{};
    std::int16_t made_at[max_values]{};  // 1 + the step that writes a value

    static constexpr bool is_vector(step const& p) { return p.space[0] * p.space[1] * p.space[2] == 1; }
    static constexpr int rows_of(step const& p) { return is_vector(p) ? p.space[3] : p.space[2]; }

    // A loop over rows, or over one number for each row, that walks along its rows.
    constexpr bool fits(step const& p) const {
        if (p.node >= 0 || p.masked || p.space[0] * p.space[1] != 1 || rows_of(p) == 1) return false;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i)
            if (s.code[i].transposed()) return false;
        // A long sum over rows is a loop of its own (kernel/sweep.hpp).
        for (int k = p.first_store; k < p.first_store + p.store_count; ++k)
            if ((s.reduced[k] & 4) != 0 && (s.reduced[k] & 8) == 0 && rows_of(p) > longest_chain && !is_vector(p))
                return false;
        return true;
    }
    // Step `at` may read what the step `maker` writes while both are at the same rows.
    constexpr bool reads_its_row(step const& at, instruction const& x, step const& maker) const {
        int axes = 0;
        for (int k = maker.first_store; k < maker.first_store + maker.store_count; ++k)
            if (s.stores[k].stored() == memory_of(g, x.source)) axes = s.reduced[k];
        bool const one_each = is_vector(maker) || (axes >> 3 & 1);
        if (x.offset != 0 || axes >> 2 & 1 || (axes != 0 && !one_each)) return false;
        if (is_vector(at)) return one_each && x.stride[3] == 1;
        return one_each ? x.stride[2] == 1 && x.stride[3] == 0
                        : x.stride[2] == maker.space[3] && x.stride[3] == 1 && at.space[3] == maker.space[3];
    }
    constexpr bool continues(int first, step const& p) const {
        if (!fits(p) || rows_of(p) != rows_of(s.steps[first])) return false;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i) {
            instruction const& x = s.code[i];
            if (x.kind != instruction::load) continue;
            int const maker = made_at[memory_of(g, x.source)] - 1;
            if (maker >= first && !reads_its_row(p, x, s.steps[maker])) return false;
        }
        return true;
    }
    constexpr std::int64_t bytes_of_a_row(step const& p) const {
        std::int64_t streams = 0;
        for (int k = p.first_store; k < p.first_store + p.store_count; ++k) streams += s.reduced[k] == 0 ? 1 : 0;
        for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i)
            streams += s.code[i].kind == instruction::load && s.code[i].stride[3] == 1 ? 1 : 0;
        return streams * p.space[3] * bytes_of(g.real);
    }

    constexpr void run() {
        for (int first = 0, last; first < s.step_count; first = last + 1) {
            last = first;
            groups.of[first] = {static_cast<std::int16_t>(first), static_cast<std::int16_t>(first), 0};
            note(first);
            if (!fits(s.steps[first]) || is_vector(s.steps[first])) continue;
            int loops = 1;
            std::int64_t bytes = bytes_of_a_row(s.steps[first]),
                         longest = std::int64_t(s.steps[first].space[3]) * bytes_of(g.real);
            while (last + 1 < s.step_count && continues(first, s.steps[last + 1])) {
                ++last;
                groups.of[last] = {static_cast<std::int16_t>(last), static_cast<std::int16_t>(last), 0};
                note(last);
                if (is_vector(s.steps[last])) continue;
                ++loops;
                std::int64_t const row = std::int64_t(s.steps[last].space[3]) * bytes_of(g.real),
                                   touched = bytes_of_a_row(s.steps[last]);
                longest = row > longest ? row : longest;
                bytes = touched > bytes ? touched : bytes;
            }
            if (loops == 1) continue;
            int const rows = rows_of(s.steps[first]),
                      most = bytes > 0 ? static_cast<int>(machine.row_block_bytes / bytes) : rows;
            int const several = machine.row_block_multiple;
            int const block = rows <= most                         ? rows
                              : most >= several                    ? most / several * several
                              : longest <= machine.short_row_bytes ? several
                              : 2 * most >= several                ? most
                                                                   : 1;
            for (int t = first; t <= last; ++t)
                groups.of[t] = {static_cast<std::int16_t>(first), static_cast<std::int16_t>(last), block};
        }
    }
    constexpr void note(int t) {
        step const& p = s.steps[t];
        for (int k = p.first_store; k < p.first_store + p.store_count; ++k)
            if (s.stores[k].kind == destination::memory) made_at[s.stores[k].at] = static_cast<std::int16_t>(t + 1);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr row_groups group_rows(graph const& g, schedule const& s, target const& machine) {
    detail::row_grouping r{g, s, machine};
    r.run();
    detail::image_grouping{g, s}.each(machine.l2_bytes / 2, [&](int first, int last, int images) {
        for (int t = first; t <= last; ++t)
            if (r.groups.of[t].block != 0) return;
        for (int t = first; t <= last; ++t)
            r.groups.of[t] = {static_cast<std::int16_t>(first), static_cast<std::int16_t>(last), 0, images};
    });
    return r.groups;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
