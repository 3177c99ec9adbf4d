// Places: the access maps by which one loop reads a value, a few of them. Read at several places that differ in where
// they begin or in steps, a value is computed several times, unless it is kept: see assign_storage.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/access_map.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct places {
    static constexpr int most = 8;  // enough to decide what costs less
    access_map at[most];
    int elements[most]{};  // that are read there
    int count = 0;

    constexpr void add(access_map const& r, int n) {
        for (int k = 0; k < count; ++k)
            if (same(at[k], r)) return;
        if (count == most) return;
        elements[count] = n;
        at[count++] = r;
    }
    // The elements that are read along the same axes, or in steps of them, by those that read the most.
    constexpr double in_all() const {
        double largest = 0;
        for (int k = 0; k < count; ++k) {
            double sum = 0;
            for (int j = 0; j < count; ++j)
                sum += same_axes(at[j], at[k]) || at[j].strided() || at[k].strided() ? elements[j] : 0;
            largest = sum > largest ? sum : largest;
        }
        return largest;
    }

  private:
    static constexpr bool same_axes(access_map const& a, access_map const& b) {
        return a.axis[0] == b.axis[0] && a.axis[1] == b.axis[1] && a.axis[2] == b.axis[2] && a.axis[3] == b.axis[3];
    }
    static constexpr bool same(access_map const& a, access_map const& b) {
        return same_axes(a, b) && a.offset[0] == b.offset[0] && a.offset[1] == b.offset[1] &&
               a.offset[2] == b.offset[2] && a.offset[3] == b.offset[3];
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
