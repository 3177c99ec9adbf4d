// The space of a loop: the axes that it walks for a value, and how it reads what it computes there.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/assign_storage.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct loop_spaces {
    graph const& g;
    storage_assignment const& placed;

    constexpr category kind(int v) const { return g.producer_of(v).operation->kind; }

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
    constexpr access_map in_its_loop(int v) const {
        int const axes = looped_axes(v);
        access_map p = whole(axes);
        for (int k = axes; k < max_rank; ++k) p.axis[k] = -1;
        return p;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
