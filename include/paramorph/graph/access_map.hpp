// Access maps: from the indices of a loop to the coordinates of a value. Views compose to one map, which a load turns
// into strides.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

constexpr bool is_fused(category k) {
    return k == category::elementwise || k == category::view || k == category::mask || k == category::diagonal ||
           k == category::constant;
}

// What a coordinate runs along: no axis of the loop (-1), one of them (0 to 3), or several, or in other steps than 1: a
// number that ends in the bits 100, before which stand the steps along each of the four, 15 bits each. Everything but
// the few functions that know this compares and copies such numbers, as if all were axes.
using course = std::int64_t;
inline constexpr std::int64_t course_unit[max_rank]{1, 1 << 15, 1 << 30, std::int64_t(1) << 45};
inline constexpr int longest_course_step = 8191;  // two of them, added, stay within 15 bits
constexpr bool is_strided(course c) {
    return c < -1 || c >= max_rank;
}
constexpr int step_along(course c, int axis) {
    if (!is_strided(c)) return c == axis ? 1 : 0;
    std::int64_t rest = c >> 3, step = 0;
    for (int k = 0; k <= axis; ++k) {
        step = ((rest & 0x7fff) ^ 0x4000) - 0x4000;
        rest = (rest - step) >> 15;
    }
    return static_cast<int>(step);
}
// Of the sum of steps times course_unit. Equal courses are equal numbers.
constexpr course course_of(std::int64_t steps) {
    if (steps == 0) return -1;
    for (int k = 0; k < max_rank; ++k)
        if (steps == course_unit[k]) return k;
    return steps * 8 + 4;
}

// Where a value is read: its axis k runs along the loop as `axis[k]` says, from `offset[k]` on.
struct access_map {
    course axis[max_rank]{-1, -1, -1, -1};
    int offset[max_rank]{};
    bool in_step = false;  // as the loop itself runs

    constexpr bool reads_as(access_map const& o) const {
        return axis[0] == o.axis[0] && axis[1] == o.axis[1] && axis[2] == o.axis[2] && axis[3] == o.axis[3] &&
               offset[0] + offset[1] + offset[2] + offset[3] == 0;
    }
    constexpr bool strided() const {
        return is_strided(axis[0]) || is_strided(axis[1]) || is_strided(axis[2]) || is_strided(axis[3]);
    }
    // Where it is not strided.
    constexpr std::uint64_t key(int v) const {
        return static_cast<std::uint64_t>(v) << 16 | static_cast<std::uint64_t>(axis[0] + 1) << 12 |
               static_cast<std::uint64_t>(axis[1] + 1) << 8 | static_cast<std::uint64_t>(axis[2] + 1) << 4 |
               static_cast<std::uint64_t>(axis[3] + 1);
    }
    constexpr std::uint64_t offsets() const {
        return offset[0] >= 1 << 16 || offset[1] >= 1 << 16 || offset[2] >= 1 << 16 || offset[3] >= 1 << 16
                   ? (refused::a_slice_begins_beyond_65535_along_an_axis(), std::uint64_t(0))
                   : static_cast<std::uint64_t>(offset[0]) << 48 | static_cast<std::uint64_t>(offset[1]) << 32 |
                         static_cast<std::uint64_t>(offset[2]) << 16 | static_cast<std::uint64_t>(offset[3]);
    }
};
constexpr access_map whole(int rank) {
    access_map p;
    for (int k = 0; k < rank; ++k) p.axis[k] = max_rank - rank + k;
    p.in_step = true;
    return p;
}
// Where an argument of an elementwise node is read when the node is computed at `p`.
constexpr access_map broadcast_access(access_map const& p, extents const& result, extents const& argument) {
    if (result == argument) return p;
    access_map q;
    for (int k = 0; k < argument.rank; ++k) {
        int const r = k + result.rank - argument.rank;
        bool const moves = argument.d[k] == result.d[r];
        q.axis[k] = moves ? p.axis[r] : -1;
        q.offset[k] = moves ? p.offset[r] : 0;
    }
    return q;
}
constexpr access_map strided_access(access_map const& p, view_map const& m) {
    access_map q;
    for (int k = 0; k < max_rank; ++k) {
        std::int64_t steps = 0, offset = m.offset[k];
        for (int term = 0; term < 2; ++term) {
            int const along = term == 0 ? m.axis[k] : m.second[k];
            if (along < 0) continue;
            std::int64_t const step = term == 0 ? m.step[k] : m.second_step[k];
            offset += step * p.offset[along];
            for (int r = 0; r < max_rank; ++r) {
                std::int64_t const s = step * step_along(p.axis[along], r);
                if (s > longest_course_step || s < -longest_course_step)
                    refused::a_view_steps_by_more_than_8191_along_an_axis();
                steps += s * course_unit[r];
            }
        }
        q.axis[k] = course_of(steps);
        q.offset[k] = static_cast<int>(offset);
    }
    return q;
}
// Axes beyond the argument's rank stand still in a view_map; else one expression, because statements of constant
// evaluations are limited.
constexpr access_map view_access(access_map const& p, view_map const& m) {
    if (m.strided) return strided_access(p, m);
    int const(&a)[max_rank] = m.axis, (&o)[max_rank] = m.offset;
    return {{a[0] < 0 ? -1 : p.axis[a[0]], a[1] < 0 ? -1 : p.axis[a[1]], a[2] < 0 ? -1 : p.axis[a[2]],
             a[3] < 0 ? -1 : p.axis[a[3]]},
            {o[0] + (a[0] < 0 ? 0 : p.offset[a[0]]), o[1] + (a[1] < 0 ? 0 : p.offset[a[1]]),
             o[2] + (a[2] < 0 ? 0 : p.offset[a[2]]), o[3] + (a[3] < 0 ? 0 : p.offset[a[3]])},
            false};
}
// A view under which masks still compare row and column: it keeps the rank and at most swaps or shifts the last two
// axes.
constexpr bool keeps_masks(graph const& g, node const& n) {
    int const r = g.shape_of(n.argument[0]).rank;
    if (r != g.shape_of(n.first).rank || r < 2) return false;
    view_map const m = n.operation->view(g, n);
    if (m.strided && (m.step[r - 1] != 1 || m.step[r - 2] != 1)) return false;
    return (m.axis[r - 1] == r - 1 && m.axis[r - 2] == r - 2) || (m.axis[r - 1] == r - 2 && m.axis[r - 2] == r - 1);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
