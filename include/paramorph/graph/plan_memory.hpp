// Memory: a place in one workspace for every value that is kept, lifetimes overlapped; first fit over the values alive
// at each step, those of steps that run together all at once. Leaves and outputs live in the caller's memory. The
// workspace's size is a constant of the program.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/row_groups.hpp"
#include "paramorph/graph/row_products.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

inline constexpr int workspace_alignment = 64;
// What a workspace is allocated in, and how many of them so many bytes take.
struct alignas(workspace_alignment) workspace_block {
    std::byte bytes[workspace_alignment];
};
constexpr std::size_t workspace_blocks(std::int64_t bytes) {
    return static_cast<std::size_t>((bytes + workspace_alignment - 1) / workspace_alignment);
}

struct location {
    enum kind_t : std::uint8_t { nowhere, argument, output, workspace } kind;
    std::int64_t at;  // position of the argument or output; byte offset in the workspace
    int offset;       // elements from there: of a part of a larger tensor
    // Room for one image: of what is made and read image by image (graph/images.hpp), by the steps of one group.
    bool one_image = false;
};

struct memory_plan {
    location of[max_values];
    std::int64_t panels[max_steps];  // 1 + the offset of what the kernel of a dense step has in the workspace
    std::int64_t bytes;
};

// The value whose memory holds a value: itself, or what it is a part of. A table, because a program of many parts asks
// for each of its loads.
struct homes {
    graph const& g;
    std::int16_t within[max_values]{};  // 1 + the value

    constexpr homes(graph const& from, schedule const& s) : g(from) {
        for (int k = 0; k < s.subview_count; ++k)
            within[s.subviews[k].value] = static_cast<std::int16_t>(s.subviews[k].within + 1);
    }
    constexpr int of(int v) const {
        v = memory_of(g, v);
        while (within[v] != 0) v = memory_of(g, within[v] - 1);
        return v;
    }
};

// What a dense kernel packs for itself (panels of a matrix) lies on the stack up to the target's `panel_bytes`, larger
// panels lie in the workspace, as does the memory of a program that an operation owns.
constexpr memory_plan plan_memory(graph const& g, schedule const& s, row_groups const& rows, target const& machine,
                                  row_products const& products = {}) {
    memory_plan m{};
    homes const home(g, s);
    for (int i = 0; i < g.size && g.nodes[i].operation->kind == category::leaf; ++i)
        m.of[g.nodes[i].first] = {location::argument, g.nodes[i].attribute.v[0], 0};
    for (int k = g.output_count - 1; k >= 0; --k)
        if (!detail::needs_copy(g, k)) m.of[memory_of(g, g.outputs[k])] = {location::output, k, 0};

    // The last step that reads each value; and 1 + the first step of the group that reads it, -1 if there are several.
    std::int16_t last[max_values]{}, readers[max_values]{};
    auto const read = [&](int v, int t) {
        auto const group = static_cast<std::int16_t>(rows.of[t].first + 1);
        last[v] = static_cast<std::int16_t>(rows.of[t].last + products.at[t]);
        readers[v] = readers[v] == 0 || readers[v] == group ? group : std::int16_t(-1);
    };
    for (int t = 0; t < s.step_count; ++t) {
        step const& p = s.steps[t];
        if (p.node >= 0) {
            node const& n = g.nodes[p.node];
            for (int k = 0; k < n.operation->arity; ++k) read(home.of(n.argument[k]), t);
            continue;  // a dense step runs alone, or with the loops that complete it
        }
        for (int b = 0; b < 3; ++b)
            for (int i = p.bodies[b].first; i < p.bodies[b].last; ++i)
                if (s.code[i].kind == instruction::load) read(home.of(s.code[i].source), t);
    }

    // Blocks in use, in the order of their offsets.
    struct block {
        std::int64_t begin, end;
        int last;
    };
    block used[512]{};
    int count = 0;
    auto const take = [&](std::int64_t bytes, int until) {
        std::int64_t const size = (bytes + workspace_alignment - 1) / workspace_alignment * workspace_alignment;
        std::int64_t at = 0;
        int position = 0;
        while (position < count && used[position].begin < at + size) at = used[position++].end;
        if (count == 512) refused::more_than_512_intermediate_results_are_alive_at_once();
        for (int i = count++; i > position; --i) used[i] = used[i - 1];
        used[position] = {at, at + size, until};
        m.bytes = at + size > m.bytes ? at + size : m.bytes;
        return at;
    };
    for (int t = 0; t < s.step_count; ++t) {
        step const& p = s.steps[t];
        int left = 0;
        for (int i = 0; i < count; ++i) {
            if (used[i].last < rows.of[t].first) continue;
            if (left != i) used[left] = used[i];
            ++left;
        }
        count = left;
        int const first = p.node >= 0 ? g.nodes[p.node].first : p.first_store;
        int const made = p.node >= 0 ? g.nodes[p.node].operation->results : p.store_count;
        int const until = rows.of[t].last + products.at[t];
        for (int r = products.at[t] > 0 ? 1 : 0; r < made; ++r) {  // a row product lives in registers
            int const written = p.node >= 0 ? first + r : s.stores[first + r].stored();
            int const v = written < 0 ? written : home.of(written);
            if (v < 0 || m.of[v].kind != location::nowhere) continue;
            if (p.node >= 0 && (g.nodes[p.node].operation->optional_results >> r & 1) && last[v] <= t) continue;
            bool one_image = rows.of[t].images > 0 && readers[v] == rows.of[t].first + 1;
            for (int k = 0; k < s.subview_count && one_image; ++k) one_image = s.subviews[k].within != v;
            std::int64_t const bytes =
                std::int64_t(g.shape_of(v).size()) * bytes_of(g.values[v].type) / (one_image ? rows.of[t].images : 1);
            m.of[v] = {location::workspace, take(bytes, last[v] > until ? last[v] : until), 0, one_image};
        }
        if (p.node < 0) continue;
        node const& n = g.nodes[p.node];
        if (n.operation->has_workspace) {
            std::int64_t const bytes = n.operation->workspace(machine);
            if (bytes > 0) m.panels[t] = 1 + take(bytes, until);
        } else if (n.operation->has_panels) {
            std::int64_t const bytes = n.operation->packed_bytes(g, n, machine);
            if (bytes > machine.panel_bytes) m.panels[t] = 1 + take(bytes, until);
        }
    }
    for (int k = 0; k < s.subview_count; ++k) {
        int offset = 0;
        for (subview p = s.subviews[k]; p.within >= 0; p = s.subview_of(p.within)) offset += p.at.offset;
        m.of[s.subviews[k].value] = m.of[home.of(s.subviews[k].value)];
        m.of[s.subviews[k].value].offset = offset;
    }
    return m;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI {

using ir::workspace_alignment;  // of what is handed to run

}  // namespace paramorph::inline PARAMORPH_ABI
