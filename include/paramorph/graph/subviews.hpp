// Subviews: values that only become a part of a larger tensor (concatenate, pad) are written there at once. Any result
// that is one run of that tensor's memory may be; the result of a loop also where it is several and nothing else reads
// it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/access_map.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

constexpr bool may_be_subview(graph const& g, schedule const& s, int v, part const& p) {
    category const c = g.producer_of(v).operation->kind;
    if (c == category::leaf || c == category::constant || g.values[v].type != g.real || s.subview_of(v).within >= 0)
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
constexpr void find_subviews(graph const& g, schedule& s) {
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        if (!n.operation->has_parts) continue;
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = memory_of(g, n.argument[k]);
            part const p = n.operation->part_of(g, n, k);
            if (s.subview_count < max_subviews && may_be_subview(g, s, v, p))
                s.subviews[s.subview_count++] = {v, n.first, p};
        }
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
